// A PgBouncer in front of the test server, on a loopback port of its own, as an ordinary user.
#pragma once

#include <filesystem>
#include <string>

#include "pgpm/target.h"

namespace pgpm::tests {

class Pooler {
 public:
  /// `mode`: session, transaction or statement. Ready when made.
  Pooler(const Target& server, const std::string& mode, int pool_size = 20,
         const std::string& more = {});
  ~Pooler();
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;

  /// Whether there is a program to start.
  static bool is_installed();
  /// The same database and user, through it.
  Target target(const Target& direct) const;

 private:
  std::filesystem::path dir_;
  int port_ = 0;
  int pid_ = 0;
};

}  // namespace pgpm::tests
