// What a proof will do, decided from the files before a database is touched: the steps of a deploy
// to an empty database, each with what takes it back.
#pragma once

#include <string>
#include <vector>

#include "engine/migrate/native_extensions.h"
#include "engine/migrate/object_facts.h"
#include "engine/migrate/prepared_run.h"
#include "pgpm/proof.h"
#include "pgpm/resolve.h"

namespace pgpm::proof {

/// One change. The verify script is neither in `deploy` nor in `revert`: the proof runs it by
/// itself, more often than a deploy does.
struct ProofStep {
  PreparedStep deploy;
  PreparedStep revert;  ///< `script` is empty if there is no such file
  StoredScript verify;  ///< empty if there is none
  bool irreversible = false;
  bool reworks = false;  ///< an earlier change of the same name

  /// Whether it means something that the verify script passes without the change: a script that
  /// runs outside a transaction cannot be undone, and of a rework the former instance may satisfy
  /// it.
  bool judges_verify() const { return verify && verify.script->transactional() && !reworks; }
};

struct ProofModule {
  std::string module;
  std::vector<std::string> extensions;  ///< to create before its first change
  std::vector<ProofStep> steps;
  std::shared_ptr<const objects::Declarations> objects;  ///< its managed ones; nullptr = none
};

struct ProofPlan {
  std::vector<ProofModule> modules;
  std::vector<Diagnostic> warnings;

  std::size_t changes() const;
  /// Changes, and the managed objects of each module that has some.
  std::size_t checks() const;
};

/// Throws like plan_deploy(). What is wrong with a revert script is a verdict, not an error.
ProofPlan plan_proof(const Resolution& resolution, const ExtensionFacts& extensions,
                     const ProveOptions& options, const ObjectFacts& objects = {});

}  // namespace pgpm::proof
