// What a run will do, in order: the answer of every plan_* function, and what --dry-run prints.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pgpm/event.h"
#include "pgpm/objects.h"

namespace pgpm {

/// One change to handle.
struct Step {
  Action action = Action::deploy;
  std::string module;                         ///< package
  std::string change;                         ///< script name
  std::string script_file;                    ///< "" if there is none (log-only)
  std::string verify_file;                    ///< "" if there is none or it is not wanted
  std::vector<std::string> requires_changes;  ///< "package:change"
  std::vector<std::string> tags;
  bool transactional = true;
  std::string
      reason;  ///< why it is here: "pending", "required by shop", "depends on app:users", ...
};

/// A module's part of a run.
struct ModuleSteps {
  std::string module;
  std::vector<std::string> extensions;  ///< native extensions to create before it
  std::vector<Step> steps;
  std::vector<std::string>
      late_tags;            ///< planned on changes that are deployed already, not yet in the ledger
  std::size_t skipped = 0;  ///< changes already where they should be
  /// SQL tests to pass before its COMMIT, fixtures among them, in order; relative to the module.
  std::vector<std::string> tests;
  /// What becomes of its managed objects, as far as files and ledger tell: what the changes touch
  /// besides shows when they run.
  std::vector<ObjectChange> objects;
};

/// A worklist's scripts and ledger rows, ready to be sent. Opaque: engine/migrate/prepared_run.h.
struct PreparedRun;

struct Worklist {
  std::string command;  ///< "deploy" or "revert"
  std::string database;
  bool create_database = false;
  std::vector<ModuleSteps> modules;  ///< in order of execution
  std::vector<Diagnostic> warnings;
  TransactionScope scope = TransactionScope::module;
  std::shared_ptr<const PreparedRun> prepared;

  std::size_t changes() const;
  std::size_t object_changes() const;
  std::size_t skipped() const;
  /// Nothing would be written.
  bool empty() const;
};

/// Asked before anything is written. False = stop.
using Approval = std::function<bool(const Worklist&)>;

/// The exact SQL a run of this worklist would send for its changes, in order, for --dry-run --sql:
/// what psql could run to the same effect, ledger rows included.
std::vector<std::string> worklist_sql(const Worklist& worklist);

}  // namespace pgpm
