#include "tests/unit/cli/example_run.h"

namespace pgpm::tests {

namespace {

ServerMessage said(const char* severity, const char* sqlstate, const char* text) {
  ServerMessage message;
  message.severity = severity;
  message.sqlstate = sqlstate;
  message.message = text;
  return message;
}

void handle(std::vector<Event>& events, Action action, const char* module, const char* change,
            std::size_t index, Outcome outcome, double seconds) {
  events.push_back(ChangeStarted{action, module, change, index});
  events.push_back(ChangeFinished{action, module, change, index, outcome, outcome == Outcome::ok,
                                  Seconds(seconds)});
}

}  // namespace

std::vector<Event> deploy_that_goes_through() {
  std::vector<Event> events;
  events.push_back(RunStarted{"deploy", "shop", {"base", "app"}, 3});
  events.push_back(LockWaiting{4711, "alice", "pgpm revert", "2026-01-02 10:00:00+00", "revert"});
  events.push_back(ModuleStarted{"base", 1});
  events.push_back(ExtensionCreated{"citext", "base"});
  handle(events, Action::deploy, "base", "schemas/base/schema", 1, Outcome::ok, 0.0123);
  events.push_back(Committed{TransactionScope::module, "base", 1});
  events.push_back(ModuleStarted{"app", 2});
  events.push_back(ChangeSkipped{"app", "schemas/app/schema", "already deployed"});
  events.push_back(
      NoticeRaised{"app", "tables/users", said("NOTICE", "00000", "three rows moved")});
  events.push_back(
      NoticeRaised{"app", "tables/users", said("NOTICE", "42P07", "relation exists, skipping")});
  handle(events, Action::deploy, "app", "tables/users", 2, Outcome::ok, 1.5);
  Diagnostic missing;
  missing.severity = Severity::warning;
  missing.message = "there is no verify script";
  events.push_back(WarningRaised{"app", "tables/größe", missing});
  handle(events, Action::deploy, "app", "tables/größe", 3, Outcome::ok, 0.004);
  events.push_back(Committed{TransactionScope::module, "app", 2});
  events.push_back(RunFinished{"deploy", Outcome::ok, 3, 1, 0, Seconds(1.61)});
  return events;
}

std::vector<Event> deploy_that_fails() {
  std::vector<Event> events;
  events.push_back(RunStarted{"deploy", "shop", {"base", "app"}, 3});
  events.push_back(ModuleStarted{"base", 1});
  handle(events, Action::deploy, "base", "schemas/base/schema", 1, Outcome::ok, 0.0123);
  events.push_back(Committed{TransactionScope::module, "base", 1});
  events.push_back(ModuleStarted{"app", 2});
  handle(events, Action::deploy, "app", "tables/users", 2, Outcome::failed, 0.002);
  events.push_back(RolledBack{TransactionScope::module, "app"});
  events.push_back(RunFinished{"deploy", Outcome::failed, 1, 0, 1, Seconds(0.02)});
  return events;
}

Error syntax_error() {
  ServerMessage message = said("ERROR", "42P01", "relation \"app.usres\" does not exist");
  message.detail = "There is no such thing.\nReally.";
  message.hint = "Perhaps you meant to reference the table \"app.users\".";
  message.context = "PL/pgSQL function app.count() line 3 at SQL statement";
  Error error(ErrorCode::sql, message.message);
  error.at(SourceLocation{"packages/app/deploy/tables/users.sql", 12, 16},
           "\tSELECT * FROM app.usres;");
  error.from_server(message);
  error.add_context("deploying change tables/users of module app");
  error.leaving("module base is committed, nothing of module app was changed");
  return error;
}

std::vector<Event> verify_that_fails() {
  std::vector<Event> events;
  events.push_back(RunStarted{"verify", "shop", {"app"}, 3});
  events.push_back(ModuleStarted{"app", 3});
  handle(events, Action::verify, "app", "schema", 1, Outcome::ok, 0.001);
  events.push_back(ChangeStarted{Action::verify, "app", "tables/users", 2});
  events.push_back(VerifyFailed{"app", "tables/users",
                                SourceLocation{"packages/app/verify/tables/users.sql", 3, 8},
                                "SELECT nickname FROM app.users WHERE false;",
                                said("ERROR", "42703", "column \"nickname\" does not exist")});
  events.push_back(ChangeFinished{Action::verify, "app", "tables/users", 2, Outcome::failed, false,
                                  Seconds(0.002)});
  handle(events, Action::verify, "app", "tables/orders", 3, Outcome::ok, 0.001);
  events.push_back(RunFinished{"verify", Outcome::failed, 2, 0, 1, Seconds(0.01)});
  return events;
}

std::vector<Event> revert_of_one() {
  std::vector<Event> events;
  events.push_back(RunStarted{"revert", "shop", {"app"}, 1});
  events.push_back(ModuleStarted{"app", 1});
  handle(events, Action::revert, "app", "tables/users", 1, Outcome::ok, 0.02);
  events.push_back(Committed{TransactionScope::run, "", 1});
  events.push_back(RunFinished{"revert", Outcome::ok, 1, 0, 0, Seconds(0.03)});
  return events;
}

std::vector<Event> deploy_of_nothing() {
  std::vector<Event> events;
  events.push_back(RunStarted{"deploy", "shop", {"base", "app", "extra"}, 0});
  events.push_back(RunFinished{"deploy", Outcome::ok, 0, 12, 0, Seconds(0.01)});
  return events;
}

std::vector<Event> cycle_that_fails() {
  std::vector<Event> events;
  const auto check = [&](const char* module, const char* name, Verdict verdict, double seconds) {
    events.push_back(CheckStarted{CheckKind::cycle, module, name});
    CheckFinished finished;
    finished.module = module;
    finished.name = name;
    finished.verdict = verdict;
    finished.duration = Seconds(seconds);
    return finished;
  };
  events.push_back(RunStarted{"test-packages", {}, {"app", "shop"}, 0, 4});
  events.push_back(ModuleStarted{"app", 2});
  events.push_back(check("app", "deploy", Verdict::passed, 0.25));
  CheckFinished left = check("app", "catalog after revert", Verdict::failed, 0.125);
  left.code = ErrorCode::proof_failed;
  left.message = "not restored: 1 object";
  left.findings = {{Severity::error, SourceLocation{"packages/app/revert/tables/users.sql", 3, 7},
                    "not restored: type <&\"mood#1\x01]]>: not there before", "DROP TABLE users;",
                    "Drop it."}};
  events.push_back(left);
  CheckFinished skipped = check("app", "deploy again", Verdict::skipped, 0);
  skipped.message = "catalog after revert failed";
  events.push_back(skipped);
  events.push_back(ModuleStarted{"shop", 1});
  CheckFinished lost = check("shop", "deploy", Verdict::failed, 0.5);
  lost.code = ErrorCode::connection;
  lost.message = "the server went away";
  events.push_back(lost);
  events.push_back(RunFinished{"test-packages", Outcome::failed, 1, 1, 2, Seconds(0.875)});
  return events;
}

}  // namespace pgpm::tests
