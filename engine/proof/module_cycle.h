// One module's cycle in a scratch database: deploy, test, verify, revert, deploy again, with the
// catalog compared in between.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/proof/scratch_database.h"
#include "pgpm/package_test.h"
#include "pgpm/resolve.h"

namespace pgpm::proof {

/// How many checks of kind cycle one module has.
std::size_t cycle_checks(const PackageTestOptions& options);

struct CycleResult {
  std::size_t passed = 0, failed = 0, skipped = 0;  ///< checks
  std::optional<ErrorCode> first_failure;
};

class ModuleCycle {
 public:
  /// `package` and all it requires are deployed into `database`, which is empty or holds some of
  /// what the package requires.
  /// `empty` is the catalog of such a database before anything was deployed; nullopt = it is empty
  /// now.
  ModuleCycle(const Workspace& workspace, std::string package, const ScratchDatabase& database,
              std::optional<CatalogSnapshot> empty, const PackageTestOptions& options,
              Observer& observer, std::stop_token stop);

  /// Tells every check, also those that are skipped. Failures are verdicts; throws only
  /// Error(interrupted).
  CycleResult run();

 private:
  template <typename Body>
  void step(const std::string& name, Body body);
  void deploy(const std::string& step_name);
  void run_sql_tests();
  void verify();
  void revert();
  void compare(const std::string& step_name, const CatalogSnapshot& before,
               const std::string& what);
  CatalogSnapshot snapshot() const;
  void drop_created_extensions() const;
  void finish(CheckFinished check);

  const Workspace& workspace_;
  const std::string package_;
  const Resolution resolution_;
  const Target target_;
  const PackageTestOptions& options_;
  Observer& observer_;
  std::stop_token stop_;
  std::optional<CatalogSnapshot> empty_;
  CatalogSnapshot deployed_;
  CycleResult result_;
  std::string failed_step_;
};

}  // namespace pgpm::proof
