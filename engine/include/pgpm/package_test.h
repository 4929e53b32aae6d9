// pgpm test-packages: do modules go forward, back and forward again, with nothing left behind?
#pragma once

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "pgpm/catalog.h"
#include "pgpm/deploy.h"
#include "pgpm/observer.h"
#include "pgpm/target.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// Which modules get a cycle of their own. A module that a selected one requires is deployed,
/// verified and reverted in that one's cycle: testing it again would show nothing new.
struct CoveringSet {
  std::vector<std::string> selected;  ///< packages, in workspace order
  /// (package, the selected package whose cycle takes it along), in workspace order.
  std::vector<std::pair<std::string, std::string>> covered;
};

enum class Selection { minimal, all };

/// `modules` in any spelling; empty = every module of the workspace. `exclude` takes modules out
/// before anything is selected; what a selected module requires is deployed all the same. Throws
/// Error(configuration) for unknown names and whatever resolve() finds.
CoveringSet covering_set(const Workspace& workspace, const std::vector<std::string>& modules,
                         const std::vector<std::string>& exclude, Selection selection);

struct PackageTestOptions : RunOptions {
  std::vector<std::string> modules;
  std::vector<std::string> exclude;
  Selection selection = Selection::minimal;
  /// Beyond deploying: verify, revert all that was deployed, deploy again, and compare catalogs.
  bool full_cycle = false;
  bool continue_on_fail = false;
  bool sql_tests = true;     ///< run the modules' SQL tests after the first deploy
  bool keep_failed = false;  ///< leave the database of a failed module behind
  /// Roles and what else belongs to a whole server are compared only where nobody else changes
  /// them: where each worker has a server of its own.
  ClusterObjects cluster = ClusterObjects::leave_out;
};

/// Tests modules in scratch databases, one worker a server; a server may be named several times to
/// have several workers there. Each selected module goes through its cycle with everything it
/// requires, in an empty database that is dropped afterwards, however the run ends. Where several
/// selected modules require the same modules, a worker deploys those once and clones the database.
/// Scratch databases that a killed run left behind are dropped first; no other database is touched.
///
/// Every step is a check of kind cycle: "deploy", and with full_cycle "verify", "revert", "catalog
/// after revert", "deploy again", "catalog after second deploy"; after a failed step the others are
/// skipped. Events of one module come together. Findings point at scripts: for an object left
/// behind at the revert script of the change whose deploy script names it.
///
/// Throws Error with the code of the first failed check after RunFinished; Error(configuration) for
/// what can be known before.
RunReport test_packages(const Workspace& workspace, const std::vector<Target>& servers,
                        const PackageTestOptions& options, Observer& observer,
                        std::stop_token stop);

}  // namespace pgpm
