#include "engine/proof/object_proof.h"

#include <fmt/format.h>

#include "engine/db/own_transaction.h"

namespace pgpm::proof {

ObjectProof::ObjectProof(db::Connection& connection, const std::string& module,
                         std::shared_ptr<const objects::Declarations> declared,
                         catalog::PartedSnapshot catalog, const SnapshotOptions& snapshot)
    : connection_(connection),
      module_(module),
      declared_(std::move(declared)),
      snapshot_(snapshot),
      now_(std::move(catalog)) {
  verdict_.kind = CheckKind::proof;
  verdict_.module = module;
  verdict_.name = object_check;
}

void ObjectProof::prove() {
  const catalog::PartedSnapshot before = now_;
  if (!run(Goal::as_declared, "the objects could not be made")) return;
  are_there_ = true;
  const catalog::PartedSnapshot made = now_;
  if (!run(Goal::gone, "the objects could not be removed")) return;
  are_there_ = false;
  compare(before, "not restored");
  if (!run(Goal::as_declared, "after they were removed, the objects could not be made")) return;
  are_there_ = true;
  compare(made, "different when made again");
}

/// In a transaction of its own, as a deploy or revert would.
bool ObjectProof::run(Goal goal, const char* what_failed) {
  objects::RunSubject subject;
  subject.owners = {module_};
  subject.goal = goal;
  subject.declared = declared_;
  try {
    db::OwnTransaction transaction(connection_);
    objects::ObjectRun run(connection_, {}, {}, std::move(subject));
    run.prepare();
    run.begin(objects::Recording::yes);
    run.finish();
    transaction.commit();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted || error.code() == ErrorCode::connection) throw;
    fail(error, what_failed);
    return false;
  }
  now_ = catalog::read_whole(connection_, snapshot_);
  return true;
}

void ObjectProof::compare(const catalog::PartedSnapshot& wanted, const std::string& what) {
  std::vector<ObjectDifference> differences = without_parts(difference(wanted, now_));
  if (differences.empty() || verdict_.verdict == Verdict::failed) return;
  verdict_.verdict = Verdict::failed;
  verdict_.code = ErrorCode::proof_failed;
  verdict_.message = fmt::format("{}: {}", what, describe(differences.front()));
  for (const ObjectDifference& each : differences)
    verdict_.findings.push_back(
        {Severity::error, {}, fmt::format("{}: {}", what, describe(each)), {}, {}});
  verdict_.differences = std::move(differences);
}

void ObjectProof::fail(const Error& error, const std::string& what) {
  verdict_.verdict = Verdict::failed;
  verdict_.code = error.code();
  if (error.server()) verdict_.server = *error.server();
  const std::string message = fmt::format("{}: {}", what, error.what());
  verdict_.message = message;
  if (error.where())
    verdict_.findings.push_back(
        {Severity::error, *error.where(), message, error.source_line(), error.hint()});
  verdict_.findings.insert(verdict_.findings.end(), error.diagnostics().begin(),
                           error.diagnostics().end());
}

}  // namespace pgpm::proof
