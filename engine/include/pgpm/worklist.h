// What a run will do, in order: the answer of every plan_* function, and what --dry-run prints.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "pgpm/event.h"

namespace pgpm {

/// One change to handle.
struct Step {
  Action action = Action::deploy;
  std::string module;       ///< package
  std::string change;       ///< script name
  std::string script_file;  ///< "" if there is none (log-only)
  std::string verify_file;  ///< "" if there is none or it is not wanted
  std::vector<std::string> requires_changes;  ///< "package:change"
  std::vector<std::string> tags;
  bool transactional = true;
  std::string reason;  ///< why it is here: "pending", "required by shop", "depends on app:users", ...
};

/// A module's part of a run.
struct ModuleSteps {
  std::string module;
  std::vector<std::string> extensions;  ///< native extensions to create before it
  std::vector<Step> steps;
  std::size_t skipped = 0;              ///< changes already where they should be
};

struct Worklist {
  std::string command;   ///< "deploy" or "revert"
  std::string database;
  bool create_database = false;
  std::vector<ModuleSteps> modules;  ///< in order of execution
  std::vector<Diagnostic> warnings;

  std::size_t changes() const;
  bool empty() const { return changes() == 0; }
};

/// Asked before anything is written. False = stop.
using Approval = std::function<bool(const Worklist&)>;

/// The exact SQL a run of this worklist would send, in order, one string per message, for --dry-run --sql.
/// Reads the script files again; secrets cannot be in it.
std::vector<std::string> worklist_sql(const Worklist& worklist);

}  // namespace pgpm
