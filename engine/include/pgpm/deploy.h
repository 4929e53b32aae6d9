// pgpm deploy: bring a database forward to where the plans say it should be.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/event.h"
#include "pgpm/observer.h"
#include "pgpm/target.h"
#include "pgpm/worklist.h"
#include "pgpm/workspace.h"

namespace pgpm {

enum class OnEdited { error, warn, ignore };

/// Which sessions that keep ours from a lock the server is asked to put out of the way. A session
/// that idles in its transaction is ended, of others only the query is cancelled.
struct EvictRules {
  bool idle_in_transaction = false;
  bool autovacuum = false;
  std::vector<std::string> applications;  ///< application_name, exactly

  bool empty() const { return !idle_in_transaction && !autovacuum && applications.empty(); }
};

class EarlyConnection;

/// What every verb that writes shares.
struct RunOptions {
  std::chrono::milliseconds lock_wait{60000};   ///< for the run lock; 0 = do not wait
  std::string lock_timeout, statement_timeout;  ///< server settings ("5s"), "" = the server's own
  /// How long a transaction that misses a lock (or gives way in a deadlock) is tried again, counted
  /// from its first miss; 0 = not at all.
  std::chrono::milliseconds retry_for{60000};
  EvictRules evict;
  bool show_queries = true;    ///< what blocking sessions run may be shown
  std::string tool_version;    ///< recorded in the ledger's runs
  std::string command_line;    ///< recorded in the ledger's runs, without secrets
  std::string work_dir = ".";  ///< whose git commit is recorded in the ledger's runs
  bool strict = false;         ///< warnings about missing/still passing scripts are errors
  bool recursive = true;       ///< take required modules along
  /// From connect_early() (pgpm/early_connection.h), for one call of a verb; may be nullptr.
  std::shared_ptr<EarlyConnection> early;
};

struct DeployOptions : RunOptions {
  std::vector<std::string> modules;  ///< any spelling; empty = all of the workspace
  std::string to;  ///< change reference, "" = the end of the plan; needs exactly one module
  TransactionScope scope = TransactionScope::module;
  bool verify = true;
  bool log_only = false;
  bool create_database = false;
  /// Run the SQL tests (pgpm/sql_test.h) of every module that is brought forward before its COMMIT;
  /// one that fails fails the deploy. Only with scope module or run, not with log_only.
  bool test = false;
  OnEdited on_edited = OnEdited::error;
};

/// What a deploy, revert or verify did. Failures throw; this is the answer of a run that went
/// through.
struct RunReport {
  std::size_t done = 0, skipped = 0, failed = 0;
  Seconds duration{0};
  bool database_created = false;
};

/// What deploy() would do, decided from the files and a read-only look at the ledger. If the
/// database does not exist and options.create_database is set, it is planned against an empty
/// ledger. Throws like deploy() for everything that can be known before the first write.
Worklist plan_deploy(const Workspace& workspace, const Target& target, const DeployOptions& options,
                     std::stop_token stop);

/// Deploys. Everything that can be known is checked before the first write. On failure the
/// transaction in progress is rolled back, a failed event is recorded, RunFinished is emitted, and
/// Error is thrown with where(), server() and database_state(). Blocks; one connection, on the
/// calling thread. `approve` is called with the worklist when there is something to do, before the
/// first write; returning false ends the run with Error(approval). It may be empty.
RunReport deploy(const Workspace& workspace, const Target& target, const DeployOptions& options,
                 Observer& observer, std::stop_token stop, const Approval& approve = {});

}  // namespace pgpm
