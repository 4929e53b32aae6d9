// The proof of one change: deploy, look, revert, look, deploy again, look. Every look is at a
// database as other sessions see it, except the one after the revert, which comes before its
// COMMIT: what was not restored is rolled back, so that later changes are still proven where they
// belong.
#pragma once

#include <chrono>

#include "engine/catalog/partial_snapshot.h"
#include "engine/db/connection.h"
#include "engine/proof/change_scripts.h"
#include "engine/proof/prove_plan.h"

namespace pgpm::proof {

enum class UnprovenVerify { warn, fail };

class ChangeProof {
 public:
  /// `catalog` is what the database contains now, `written` which catalogs may have been written
  /// since. All must outlive the proof.
  ChangeProof(db::Connection& connection, const ProofStep& step, catalog::PartedSnapshot catalog,
              catalog::WrittenCatalogs& written, const SnapshotOptions& snapshot,
              UnprovenVerify unproven);

  /// Once. Throws Error(interrupted), Error(connection), Error(other) of a snapshot.
  void prove();

  /// Meaningful after prove().
  const CheckFinished& verdict() const { return verdict_; }
  /// Whether the change is in the database now, so that those after it can be proven.
  bool is_deployed() const { return is_deployed_; }
  const catalog::PartedSnapshot& catalog() const { return now_; }
  /// The verify script failed right after its change, and may pass when its module is complete:
  /// the verdict waits for judge_late().
  bool waits() const { return waits_; }
  /// Runs the verify script again.
  void judge_late();

 private:
  bool deploy();
  bool can_revert();
  bool revert();
  void deploy_again();
  void judge_verify_script();
  void note_if_trivial();

  void look(const PreparedStep& what_ran);
  void fail(ErrorCode code, std::string message);
  void fail(const Error& error, const StoredScript& script, const std::string& what);

  db::Connection& connection_;
  const ProofStep& step_;
  catalog::WrittenCatalogs& written_;
  const SnapshotOptions& snapshot_;
  UnprovenVerify unproven_;
  ChangeScripts scripts_;
  CheckFinished verdict_;
  const catalog::PartedSnapshot before_;
  catalog::PartedSnapshot deployed_;  ///< after the first deploy
  catalog::PartedSnapshot now_;
  Failure unverified_;  ///< right after the first deploy
  bool passes_before_ = false, passes_after_ = false;
  bool is_deployed_ = false, was_reverted_ = false, waits_ = false;
};

}  // namespace pgpm::proof
