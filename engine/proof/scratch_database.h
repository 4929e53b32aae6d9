// A database of our own on somebody's server: empty, under a name nobody else has, dropped when it
// is no longer needed.
#pragma once

#include <stop_token>
#include <string>

#include "pgpm/target.h"

namespace pgpm::proof {

class ScratchDatabase {
 public:
  /// Creates it on the server that `server` leads to, whose own database is not touched. Throws
  /// Error(connection), Error(sql) (the role may not create databases), Error(interrupted).
  ScratchDatabase(const Target& server, std::stop_token stop);
  /// Drops it, whoever is connected. Waits for the server, also after a stop request; never throws.
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  const std::string& name() const { return target_.database; }
  /// Commits are not waited for to reach the disk: nothing in here is to survive.
  const Target& target() const { return target_; }

 private:
  Target target_;
};

}  // namespace pgpm::proof
