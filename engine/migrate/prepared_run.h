// A worklist with everything that is needed to carry it out: parsed scripts, hashes, ledger rows.
// What the planners make and what run() executes. Immutable after planning.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/migrate/script_store.h"
#include "engine/objects/declarations.h"
#include "engine/registry/registry.h"
#include "engine/testing/test_suite.h"
#include "pgpm/worklist.h"

namespace pgpm {

struct PreparedStep {
  Step step;
  StoredScript script;            ///< deploy or revert script; empty if only the ledger moves
  StoredScript verify;            ///< empty if there is none or it is not wanted
  registry::DeployRecord record;  ///< without what ledger_row() adds
  /// A rework takes the plain name: the former instance's ledger row is renamed first (from, to). A
  /// revert of a rework gives it back afterwards.
  std::optional<std::pair<std::string, std::string>> rename;
  /// Non-transactional and begun by a run that did not finish.
  std::optional<IntentRow> intent;
};

/// What the ledger is told when the change is deployed. Takes the script's fingerprint, which for a
/// thousand scripts is a fifth of the client's work, so it is asked for when the row is written:
/// then the server has enough to do, before the first message it waits.
registry::DeployRecord ledger_row(const PreparedStep& step, long run_id = 0);

/// The managed objects of a module that a run has to do with.
struct PreparedObjects {
  std::shared_ptr<const objects::Declarations> declared;
  std::vector<ObjectChange> changes;  ///< pending when the run was planned
  bool are_recorded = false;          ///< some are there: they may stand in the way of changes
  enum class End {
    as_declared,   ///< the whole plan is deployed: brought to what the files say
    as_they_were,  ///< a part of it: what stood in the way is put back as it was
  } end = End::as_they_were;
};

struct PreparedModule {
  std::string module;
  std::vector<std::string> extensions;       ///< to create before (deploy)
  std::vector<std::string> drop_extensions;  ///< to drop after (revert)
  std::vector<PreparedStep> steps;
  std::vector<std::pair<std::string, std::string>> late_tags;  ///< (tag, change)
  std::size_t skipped = 0;
  std::shared_ptr<const TestSuite> tests;  ///< to pass before the COMMIT; nullptr = none
  std::optional<PreparedObjects> objects;
  /// All its managed objects, if it is reverted as a whole: they go before anything else.
  std::vector<ObjectChange> removed_objects;

  bool brings_objects() const {
    return objects && objects->end == PreparedObjects::End::as_declared;
  }
};

struct PreparedRun {
  std::vector<PreparedModule> modules;
  /// Verify scripts of what stays, run before the last commit (revert --verify).
  std::vector<PreparedStep> remaining;
  int ledger_version = 0;  ///< of the ledger it was planned for; 0 = none, or upstream's
};

/// The public face of a prepared run.
Worklist make_worklist(std::string command, PreparedRun run, TransactionScope scope,
                       std::vector<Diagnostic> warnings);

}  // namespace pgpm
