// What every verb that writes does around its run: RunStarted and RunFinished in pairs, the
// ledger's run row, and the question whether to go ahead.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "engine/db/connection.h"
#include "engine/model/guarded_observer.h"
#include "pgpm/deploy.h"
#include "pgpm/observer.h"

namespace pgpm {

/// Asks before the first write, and again only if the worklist has grown since.
class Approver {
 public:
  explicit Approver(const Approval& approve) : approve_(approve) {}
  /// Throws Error(approval) if the answer is no. Empty worklists are not asked about.
  void ask(const Worklist& worklist);

 private:
  const Approval& approve_;
  std::set<std::string> approved_;  // "module:change"
};

class VerbRun {
 public:
  VerbRun(std::string command, const RunOptions& options, Observer& observer, std::stop_token stop);

  /// Runs `body`; what it throws is passed on after RunFinished was told, if RunStarted was, and
  /// says what the database looks like. If the observer failed, its exception goes first.
  RunReport guard(const std::function<RunReport()>& body);
  /// What the run's connections listen to: the caller's stop, or an observer that failed.
  std::stop_token stop() const { return observer_.stop_token(); }
  Observer& observer() { return observer_; }

  void database_created(bool created) { report_.database_created = created; }
  /// Tells RunStarted; the report of a run without changes.
  RunReport nothing_to_do(const Worklist& worklist);
  /// Tells RunStarted, prepares the ledger, opens the run's row, carries the worklist out.
  RunReport run(db::Connection& connection, const Worklist& worklist,
                const std::function<void()>& prepare_ledger);

 private:
  void started(const Worklist& worklist);
  void finished(Outcome outcome);
  std::string state_after(const Error& error) const;

  std::string command_;
  const RunOptions& options_;
  GuardedObserver observer_;
  RunReport report_;
  bool started_ = false;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace pgpm
