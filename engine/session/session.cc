// deploy_session(): from a project in memory to a deploy.sql that has run.
#include "pgpm/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/db/preflight.h"
#include "engine/model/guarded_observer.h"
#include "engine/session/deadline.h"
#include "engine/session/deploy_lock.h"
#include "engine/session/missing_character.h"
#include "engine/session/parameters.h"
#include "engine/session/script_run.h"
#include "engine/session/secrets.h"
#include "engine/session/session_objects.h"
#include "engine/session/target_database.h"
#include "engine/session/test_macro.h"
#include "engine/text/file.h"

namespace pgpm {

namespace {

using Clock = std::chrono::steady_clock;

void require_known_compat(const std::string& compat) {
  if (compat.empty() || compat == "1") return;
  throw Error(ErrorCode::configuration,
              fmt::format("there is no version {} of the session's objects", compat))
      .hint("the only one is 1: leave --compat out");
}

class SessionRun {
 public:
  SessionRun(const SessionProject& project, const SessionOptions& options,
             const SessionParameters& parameters, Observer& observer)
      : project_(project),
        options_(options),
        observer_(observer),
        parameters_(parameters),
        source_(shown_path(project.root / "deploy.sql"), project.deploy_sql),
        macros_(find_test_macros(source_.bytes())) {
    require_known_compat(options.compat);
    require_callback_names(source_, macros_);
    report_.files = project.files_read();
    report_.test_macros = macros_.size();
  }

  SessionReport run(const Target& target, const std::stop_token& stop) {
    const ServerAccess access(target, options_, observer_, stop);
    TargetDatabase database = open_target_database(access, options_);
    report_.database_created = database.created;
    db::Connection& connection = database.connection;
    if (!has_open_session_objects(connection)) db::preflight(connection, db::Intent::write);
    const DeployLock lock(connection);
    load_session_objects(connection, project_, parameters_, plan_files(options_));
    try {
      run_script(connection);
    } catch (const Error& error) {
      rethrow_located(error, project_, connection.parameter("server_encoding"));
    }
    return report_;
  }

 private:
  void listen(db::Connection& connection) {
    connection.on_notice([this](const ServerMessage& message) {
      suite_->heard(message);
      observer_.on_event(NoticeRaised{{}, {}, message});
    });
  }

  void run_script(db::Connection& connection) {
    const ReadyScript script = prepare_script(connection, source_, macros_);
    report_.units = script.units.size();
    if (options_.debug_notices) connection.exec("SET client_min_messages = debug");
    const PlaceFinder places(project_, source_, script.text);
    SuiteProgress& suite = suite_.emplace(project_.name, script.test_paths, observer_);
    listen(connection);
    started(connection, script);
    try {
      ScriptRun run(connection, script, places, suite, observer_);
      run.run();
      if (run.roll_back_open_transaction()) report_open_transaction();
    } catch (const Error& error) {
      finished(suite,
               error.code() == ErrorCode::interrupted ? Outcome::interrupted : Outcome::failed);
      throw;
    }
    finished(suite, Outcome::ok);
  }

  void report_open_transaction() {
    const std::string what = "deploy.sql left a transaction open: it was rolled back";
    const std::string hint =
        "end deploy.sql with COMMIT, or with ROLLBACK if that is what it means";
    if (!options_.allow_open_transaction)
      throw Error(ErrorCode::sql, what)
          .at({source_.file(), 0, 0})
          .hint(hint + "; --allow-open-transaction accepts it")
          .leaving("what deploy.sql did in its last transaction is gone");
    observer_.on_event(
        WarningRaised{{}, {}, {Severity::warning, {source_.file(), 0, 0}, what, {}, hint}});
  }

  void started(const db::Connection& connection, const ReadyScript& script) {
    observer_.on_event(RunStarted{
        "session deploy", connection.database(), {project_.name}, 0, script.test_paths.size()});
    observer_.on_event(SessionLoaded{project_.name, connection.database(), report_.files,
                                     parameters_.size(), report_.test_macros, report_.units});
  }

  void finished(const SuiteProgress& suite, Outcome outcome) {
    report_.checks = suite.passed();
    const std::size_t skipped = suite.planned() - suite.passed() - suite.failures();
    observer_.on_event(RunFinished{"session deploy", outcome, suite.passed(), skipped,
                                   suite.failures(), Clock::now() - start_});
  }

  const SessionProject& project_;
  const SessionOptions& options_;
  Observer& observer_;
  const SessionParameters& parameters_;
  SourceText source_;
  std::vector<TestMacro> macros_;
  SessionReport report_;
  std::optional<SuiteProgress> suite_;
  Clock::time_point start_ = Clock::now();
};

std::string in_seconds(std::chrono::milliseconds limit) {
  return fmt::format("{:g} s", std::chrono::duration<double>(limit).count());
}

}  // namespace

SessionReport deploy_session(const SessionProject& project, const Target& target,
                             const SessionOptions& options, Observer& observer,
                             std::stop_token stop) {
  const SessionParameters parameters = checked_parameters(options.parameters);
  const Secrets secrets(parameters, options.secrets);
  DiscreetObserver discreet(observer, secrets);
  const Deadline deadline(options.timeout, std::move(stop));
  GuardedObserver guarded(discreet, deadline.stop());
  SessionRun run(project, options, parameters, guarded);
  try {
    const SessionReport report = run.run(target, guarded.stop_token());
    guarded.rethrow("deploy.sql went through");
    return report;
  } catch (const Error& error) {
    guarded.rethrow(error.database_state());
    if (error.code() != ErrorCode::interrupted || !deadline.has_passed())
      throw secrets.without(error);
    Error late(ErrorCode::timed_out,
               fmt::format("the time limit of {} is over", in_seconds(options.timeout)));
    if (error.where()) late.at(*error.where(), error.source_line());
    throw late.hint("give it more time with --timeout").leaving(error.database_state());
  }
}

}  // namespace pgpm
