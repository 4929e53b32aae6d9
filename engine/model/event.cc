#include "pgpm/event.h"

namespace pgpm {

const char* action_name(Action action) {
  switch (action) {
    case Action::deploy:
      return "deploy";
    case Action::log_only:
      return "log_only";
    case Action::revert:
      return "revert";
    case Action::verify:
      return "verify";
  }
  return "";
}

const char* scope_name(TransactionScope scope) {
  switch (scope) {
    case TransactionScope::change:
      return "change";
    case TransactionScope::module:
      return "module";
    case TransactionScope::run:
      return "run";
    case TransactionScope::none:
      return "none";
  }
  return "";
}

const char* outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return "ok";
    case Outcome::failed:
      return "failed";
    case Outcome::interrupted:
      return "interrupted";
  }
  return "";
}

const char* check_kind_name(CheckKind kind) {
  switch (kind) {
    case CheckKind::cycle:
      return "cycle";
    case CheckKind::proof:
      return "proof";
    case CheckKind::sql_test:
      return "sql_test";
  }
  return "";
}

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "passed";
    case Verdict::failed:
      return "failed";
    case Verdict::skipped:
      return "skipped";
  }
  return "";
}

Event::Event(const Event& other) = default;
Event::Event(Event&& other) noexcept = default;
Event& Event::operator=(const Event& other) = default;
Event& Event::operator=(Event&& other) noexcept = default;
Event::~Event() = default;

namespace {
struct NameOf {
  const char* operator()(const RunStarted&) const { return "run_started"; }
  const char* operator()(const LockWaiting&) const { return "lock_waiting"; }
  const char* operator()(const IndexProgress&) const { return "index_progress"; }
  const char* operator()(const LockMissed&) const { return "lock_missed"; }
  const char* operator()(const LockAwaited&) const { return "lock_awaited"; }
  const char* operator()(const BlockerEvicted&) const { return "blocker_evicted"; }
  const char* operator()(const ExtensionCreated&) const { return "extension_created"; }
  const char* operator()(const ModuleStarted&) const { return "module_started"; }
  const char* operator()(const ChangeStarted&) const { return "change_started"; }
  const char* operator()(const ChangeFinished&) const { return "change_finished"; }
  const char* operator()(const ChangeSkipped&) const { return "change_skipped"; }
  const char* operator()(const TagRecorded&) const { return "tag_recorded"; }
  const char* operator()(const ObjectHandled&) const { return "object_handled"; }
  const char* operator()(const NoticeRaised&) const { return "notice_raised"; }
  const char* operator()(const WarningRaised&) const { return "warning_raised"; }
  const char* operator()(const VerifyFailed&) const { return "verify_failed"; }
  const char* operator()(const CheckStarted&) const { return "check_started"; }
  const char* operator()(const CheckFinished&) const { return "check_finished"; }
  const char* operator()(const ModulesSelected&) const { return "modules_selected"; }
  const char* operator()(const DatabaseKept&) const { return "database_kept"; }
  const char* operator()(const Committed&) const { return "committed"; }
  const char* operator()(const RolledBack&) const { return "rolled_back"; }
  const char* operator()(const SessionLoaded&) const { return "session_loaded"; }
  const char* operator()(const UnitFinished&) const { return "unit_finished"; }
  const char* operator()(const RunFinished&) const { return "run_finished"; }
};
}  // namespace

const char* event_name(const Event& event) {
  return std::visit(NameOf{}, event);
}

}  // namespace pgpm
