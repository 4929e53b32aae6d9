#include "cli/render/json.h"

namespace pgpm::cli {

namespace {

/// Events that become an element of a list in the document, and that list's name.
const char* list_of(const Event& event) {
  if (std::holds_alternative<ModuleStarted>(event)) return "modules";
  if (std::holds_alternative<ChangeFinished>(event)) return "changes";
  if (std::holds_alternative<ExtensionCreated>(event)) return "extensions";
  if (std::holds_alternative<ChangeSkipped>(event)) return "skipped_changes";
  if (std::holds_alternative<TagRecorded>(event)) return "recorded_tags";
  if (std::holds_alternative<ObjectHandled>(event)) return "objects";
  if (std::holds_alternative<WarningRaised>(event)) return "warnings";
  if (std::holds_alternative<NoticeRaised>(event)) return "notices";
  if (std::holds_alternative<VerifyFailed>(event)) return "verify_failures";
  if (std::holds_alternative<CheckFinished>(event)) return "checks";
  if (std::holds_alternative<DatabaseKept>(event)) return "kept_databases";
  if (std::holds_alternative<ModulesSelected>(event)) return "selections";
  if (std::holds_alternative<Committed>(event)) return "commits";
  if (std::holds_alternative<LockMissed>(event)) return "lock_misses";
  if (std::holds_alternative<BlockerEvicted>(event)) return "evictions";
  return nullptr;
}

Json without_event_members(const Event& event) {
  Json json = to_json(event, "");
  json.erase("event");
  json.erase("time");
  return json;
}

}  // namespace

void JsonRenderer::collect(const RunStarted& event) {
  run_["database"] = event.database;
  for (const char* list : {"modules", "changes", "skipped_changes", "extensions", "warnings",
                           "notices", "verify_failures", "commits"})
    if (!lists_.contains(list)) lists_[list] = Json::array();
}

void JsonRenderer::collect(const RunFinished& event) {
  const Json members = without_event_members(event);
  for (const char* member : {"outcome", "done", "skipped", "failed", "duration_ms"})
    run_[member] = members[member];
}

void JsonRenderer::collect(const SessionLoaded& event) {
  run_["session"] = without_event_members(event);
  run_["session"]["units_sent"] = 0;
}

void JsonRenderer::collect(const UnitFinished& event) {
  if (event.outcome == Outcome::ok) run_["session"]["units_sent"] = event.index;
}

void JsonRenderer::collect(const ChangeFinished& event) {
  if (event.outcome == Outcome::ok) return;
  failed_module_ = event.module;
  failed_change_ = event.change;
}

void JsonRenderer::on_event(const Event& event) {
  if (const auto* started = std::get_if<RunStarted>(&event)) collect(*started);
  if (const auto* finished = std::get_if<RunFinished>(&event)) collect(*finished);
  if (const auto* finished = std::get_if<ChangeFinished>(&event)) collect(*finished);
  if (const auto* loaded = std::get_if<SessionLoaded>(&event)) collect(*loaded);
  if (const auto* unit = std::get_if<UnitFinished>(&event)) collect(*unit);
  if (const char* list = list_of(event)) lists_[list].push_back(without_event_members(event));
}

void JsonRenderer::answer(const Answer& answer) {
  has_answered_ = true;
  out_.write(answer.document);
}

void JsonRenderer::write_run(int exit_status) {
  Json document{{"command", command_}};
  document.update(run_);
  document["exit_code"] = exit_status;
  document.update(lists_);
  out_.write(dump_document(document));
}

void JsonRenderer::finish(int exit_status) {
  if (!has_answered_) write_run(exit_status);
}

void JsonRenderer::fail(const Error& error, int exit_status) {
  if (has_answered_) return;  // a second document would spoil the first
  Failure failure = Failure::of(error, command_);
  failure.module = failed_module_;
  failure.change = failed_change_;
  const Outcome outcome =
      error.code() == ErrorCode::interrupted ? Outcome::interrupted : Outcome::failed;
  run_["outcome"] = outcome_name(outcome);
  run_["error"] = to_json(failure, exit_status);
  write_run(exit_status);
}

}  // namespace pgpm::cli
