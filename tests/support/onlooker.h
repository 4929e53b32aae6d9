// Another session that watches a database while a verb is at work in it, to strike at the right
// moment: no test waits for a time, only for something to be so.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "tests/support/test_database.h"

namespace pgpm::tests {

/// A boolean expression over pg_stat_activity's columns: a session of the same database that sleeps
/// in pg_sleep.
extern const char* const sleeping;
/// ... that waits for an advisory lock of the test's own.
extern const char* const blocked;

class Onlooker {
 public:
  /// Waits on a thread of its own until a session of the database is as `condition` says, then
  /// calls `act` with its process id.
  Onlooker(const TestDatabase& database, std::string condition,
           std::function<void(db::Connection&, int pid)> act);
  ~Onlooker() = default;  // waits for the end
  /// Waits until it has acted.
  void join() { thread_.join(); }

  /// Waits on this thread; the process id of the first such session.
  static int wait_for(db::Connection& connection, const std::string& condition);

 private:
  std::jthread thread_;
};

/// What an Onlooker may do.
void terminate(db::Connection& connection, int pid);

}  // namespace pgpm::tests
