// From a target to a connection a verb can work on: connected, looked over, ledger read, run lock
// held.
#pragma once

#include <stop_token>

#include "engine/db/advisory_lock.h"
#include "engine/db/connection.h"
#include "engine/registry/registry.h"
#include "pgpm/deploy.h"
#include "pgpm/observer.h"
#include "pgpm/target.h"

namespace pgpm {

/// The same database, with the time limits of `options` in force for the session.
Target with_limits(const Target& target, const RunOptions& options);

/// For verbs that only look. Nothing is written, no lock is taken.
db::Connection open_for_reading(const Target& target, std::stop_token stop);

/// For verbs that write: the server takes writes, and the time limits of `options` hold.
db::Connection open_for_writing(const Target& target, const RunOptions& options,
                                std::stop_token stop);

/// Waits for the run lock, telling the observer who holds it.
db::RunLock take_run_lock(db::Connection& connection, const RunOptions& options,
                          Observer& observer);

/// The ledger's row for this run: started when it is made, finished by finish(), or as failed when
/// it goes away before that (which a broken connection may prevent: the row then stays without an
/// end, as an interrupted run should).
class RunRow {
 public:
  RunRow(db::Connection& connection, const std::string& command, const RunOptions& options,
         const std::vector<std::string>& modules);
  ~RunRow();
  RunRow(const RunRow&) = delete;
  RunRow& operator=(const RunRow&) = delete;

  long id() const { return id_; }
  void finish(Outcome outcome, const std::string& error_code = {});
  /// Somebody else has written its end: there is nothing left to finish.
  void is_finished() { open_ = false; }

 private:
  db::Connection& connection_;
  long id_;
  bool open_ = true;
};

}  // namespace pgpm
