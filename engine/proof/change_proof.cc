#include "engine/proof/change_proof.h"

#include <fmt/format.h>

#include <utility>

#include "engine/proof/prove_finding.h"
#include "engine/text/ascii.h"

namespace pgpm::proof {

namespace {

std::string and_more(const std::vector<ObjectDifference>& differences) {
  if (differences.size() < 2) return {};
  return fmt::format(" (and {} more)", differences.size() - 1);
}

/// Whether the server counts what is written is a setting, which a script may change for a while.
bool mentions_counters(const StoredScript& script) {
  return lower_case(script.bytes()).find("track_counts") != std::string::npos;
}

}  // namespace

ChangeProof::ChangeProof(db::Connection& connection, const ProofStep& step,
                         catalog::PartedSnapshot catalog, catalog::WrittenCatalogs& written,
                         const SnapshotOptions& snapshot, UnprovenVerify unproven)
    : connection_(connection),
      step_(step),
      written_(written),
      snapshot_(snapshot),
      unproven_(unproven),
      scripts_(connection, step, written),
      before_(std::move(catalog)),
      now_(before_) {
  verdict_.kind = CheckKind::proof;
  verdict_.module = step.deploy.step.module;
  verdict_.name = step.deploy.step.change;
}

void ChangeProof::prove() {
  if (step_.judges_verify()) passes_before_ = !scripts_.verify();
  if (!deploy()) return;
  if (can_revert() && revert()) deploy_again();
  judge_verify_script();
  note_if_trivial();
}

bool ChangeProof::deploy() {
  ChangeScripts::Deployed deployed = scripts_.deploy();
  if (deployed.deploy) {
    fail(*deployed.deploy, step_.deploy.script, "the deploy script failed");
    return false;
  }
  is_deployed_ = true;
  unverified_ = std::move(deployed.verify);
  waits_ = unverified_.has_value();
  look(step_.deploy);
  deployed_ = now_;
  return true;
}

bool ChangeProof::can_revert() {
  if (step_.irreversible) {
    if (verdict_.verdict == Verdict::passed) verdict_.verdict = Verdict::skipped;
    verdict_.message = "declared irreversible";
    return false;
  }
  if (!step_.revert.script) {
    fail(ErrorCode::script_missing, "there is no revert script");
    verdict_.findings.push_back(finding_in(
        Severity::error, step_.revert.script,
        fmt::format("change {}:{} has no revert script", verdict_.module, verdict_.name),
        "write it, or declare the change irreversible: a line `-- pgpm: irreversible` at the top "
        "of its deploy script"));
    return false;
  }
  if (!step_.revert.script.script->has_errors()) return true;
  fail(ErrorCode::configuration, "the revert script cannot be sent");
  const auto& problems = step_.revert.script.script->problems();
  verdict_.findings.insert(verdict_.findings.end(), problems.begin(), problems.end());
  return false;
}

/// True if the change is no longer in the database.
bool ChangeProof::revert() {
  const bool undoable = step_.revert.step.transactional;
  if (const Failure failure = scripts_.revert()) {
    fail(*failure, step_.revert.script, "the revert script failed");
    if (!undoable) look(step_.revert);
    // Outside a transaction it may have done a part of its work.
    is_deployed_ = undoable || difference(deployed_, now_).empty();
    return false;
  }
  if (step_.judges_verify()) passes_after_ = !scripts_.verify();
  was_reverted_ = true;
  look(step_.revert);
  std::vector<ObjectDifference> left = without_parts(difference(before_, now_));
  if (!left.empty()) {
    fail(ErrorCode::proof_failed,
         fmt::format("not restored: {}{}", describe(left.front()), and_more(left)));
    auto findings = not_restored_findings(left, step_.revert.script, step_.deploy.script);
    verdict_.findings.insert(verdict_.findings.end(), findings.begin(), findings.end());
    verdict_.differences = std::move(left);
    if (!undoable) return true;
    scripts_.roll_back_revert();
    now_ = deployed_;
    return false;
  }
  if (const Failure failure = scripts_.commit_revert()) {
    fail(*failure, step_.revert.script, "the revert could not be committed");
    now_ = deployed_;
    return false;
  }
  return true;
}

void ChangeProof::deploy_again() {
  ChangeScripts::Deployed again = scripts_.deploy();
  if (again.deploy) {
    is_deployed_ = false;
    fail(*again.deploy, step_.deploy.script, "after the revert, the deploy script failed");
    return;
  }
  look(step_.deploy);
  if (again.verify && !unverified_) {
    fail(*again.verify, step_.verify, "the second time, the verify script failed");
  }
  std::vector<ObjectDifference> differences = without_parts(difference(deployed_, now_));
  if (differences.empty()) return;
  fail(ErrorCode::proof_failed, fmt::format("different when deployed again: {}{}",
                                            describe(differences.front()), and_more(differences)));
  for (const ObjectDifference& each : differences)
    verdict_.findings.push_back(
        finding_at(Severity::error, step_.deploy.script,
                   place_naming(step_.deploy.script, each.identity)
                       .value_or(SourceLocation{step_.deploy.script.shown_file, 1, 0}),
                   "different when deployed again after its revert: " + describe(each)));
  if (verdict_.differences.empty()) verdict_.differences = std::move(differences);
}

void ChangeProof::judge_verify_script() {
  // What was not restored may well satisfy it.
  const bool restored = was_reverted_ && verdict_.differences.empty();
  const bool after = passes_after_ && restored;
  if (!passes_before_ && !after) return;
  const char* when = !after           ? "before its change is deployed"
                     : passes_before_ ? "before its change is deployed and after it is reverted"
                                      : "after its change is reverted";
  const bool fails = unproven_ == UnprovenVerify::fail;
  const std::string message = fmt::format("the verify script passes {}", when);
  if (fails) fail(ErrorCode::proof_failed, message);
  verdict_.findings.push_back(finding_in(
      fails ? Severity::error : Severity::warning, step_.verify,
      fmt::format("the verify script of {}:{} passes {}", verdict_.module, verdict_.name, when),
      passes_before_ ? "it proves nothing: let it fail unless the change is there"
                     : "the revert script left something behind that the catalog does not show "
                       "(rows?), or the verify script proves nothing"));
}

void ChangeProof::note_if_trivial() {
  if (verdict_.verdict == Verdict::passed && difference(before_, deployed_).empty())
    verdict_.message = "changes nothing in the catalog: only its scripts were tried";
}

void ChangeProof::judge_late() {
  waits_ = false;
  if (const Failure failure = scripts_.verify()) {
    fail(*failure, step_.verify, "the verify script failed");
    return;
  }
  const std::string said = unverified_->server() ? unverified_->server()->message : "";
  verdict_.findings.push_back(
      finding_in(Severity::warning, step_.verify,
                 fmt::format("the verify script of {}:{} passes only after later changes of its "
                             "module",
                             verdict_.module, verdict_.name),
                 fmt::format("right after its change it failed: {}", said)));
}

void ChangeProof::look(const PreparedStep& what_ran) {
  if (mentions_counters(what_ran.script)) written_.distrust();
  if (connection_.transaction_status() != db::TransactionStatus::idle)
    written_.note(connection_.exec(written_.query()));
  now_ = what_ran.step.transactional ? catalog::read_moved(connection_, snapshot_, now_, &written_)
                                     : catalog::read_whole(connection_, snapshot_);
  written_.clear();
}

/// The first reason is the verdict's.
void ChangeProof::fail(ErrorCode code, std::string message) {
  if (verdict_.verdict == Verdict::failed) return;
  verdict_.verdict = Verdict::failed;
  verdict_.code = code;
  verdict_.message = std::move(message);
}

void ChangeProof::fail(const Error& error, const StoredScript& script, const std::string& what) {
  if (verdict_.verdict != Verdict::failed && error.server()) verdict_.server = *error.server();
  const std::string why = error.server() ? error.server()->message : std::string(error.what());
  fail(error.code(), fmt::format("{}: {}", what, why));
  Diagnostic finding = finding_in(Severity::error, script, fmt::format("{}: {}", what, why),
                                  error.server() ? error.server()->hint : std::string());
  if (error.where()) {
    finding.where = *error.where();
    finding.source_line = error.source_line();
  }
  verdict_.findings.push_back(std::move(finding));
}

}  // namespace pgpm::proof
