// Pauses between attempts that others make, too: growing, and jittered so that nobody comes at
// once.
#pragma once

#include <chrono>
#include <random>
#include <stop_token>

#include "engine/db/connection.h"

namespace pgpm::db {

/// Each half as long again as the one before, up to a longest, give or take a quarter.
class Pauses {
 public:
  Pauses(std::chrono::milliseconds first, std::chrono::milliseconds longest, unsigned seed)
      : random_(seed), length_(first), longest_(longest) {}
  std::chrono::milliseconds next();

 private:
  std::minstd_rand random_;
  std::chrono::milliseconds length_, longest_;
};

/// Waits where there is no connection. Throws Error(interrupted) on a stop.
void wait_out(std::chrono::milliseconds length, const std::stop_token& stop);
/// Waits, outside a statement. Throws Error(interrupted) on a stop. Returns early if the connection
/// has something to say, which is most likely its end.
void wait_out(Connection& connection, std::chrono::milliseconds length);

}  // namespace pgpm::db
