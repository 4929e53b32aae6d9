#include "engine/session/script_run.h"

#include <fmt/format.h>

namespace pgpm {

namespace {

db::Param argument(const std::optional<std::string>& value) {
  return value;
}

std::string expansion(db::Connection& connection, const TestMacro& macro) {
  return connection
      .query("SELECT pg_temp.pgmi_test_generate($1, $2)",
             {argument(macro.pattern), argument(macro.callback)})
      .str(0, 0);
}

void add_paths(db::Connection& connection, const TestMacro& macro,
               std::vector<std::string>& paths) {
  const db::Result steps = connection.query(
      "SELECT script_path FROM pg_temp.pgmi_test_plan($1) WHERE step_type <> 'teardown' "
      "ORDER BY ordinal",
      {argument(macro.pattern)});
  for (std::size_t row = 0; row < steps.rows(); ++row) paths.push_back(steps.str(row, 0));
}

/// A time-out of the server's is a statement that failed: the run's own limit is another thing.
ErrorCode code_of(const Error& error) {
  const bool is_end =
      error.code() == ErrorCode::connection || error.code() == ErrorCode::interrupted;
  return is_end ? error.code() : ErrorCode::sql;
}

}  // namespace

ReadyScript prepare_script(db::Connection& connection, const SourceText& source,
                           const std::vector<TestMacro>& macros) {
  std::vector<std::string> texts, paths;
  for (const TestMacro& macro : macros) {
    try {
      texts.push_back(expansion(connection, macro));
      add_paths(connection, macro, paths);
    } catch (const Error& error) {
      if (!error.server() || code_of(error) != ErrorCode::sql) throw;
      throw Error(ErrorCode::sql, error.what())
          .at(source.location(macro.begin), std::string(source.line_at(macro.begin)))
          .from_server(*error.server());
    }
  }
  ExpandedScript text(source, macros, texts);
  std::vector<ScriptUnit> units = split_units(text.text());
  return {std::move(text), std::move(units), head_transaction(source.bytes(), macros),
          std::move(paths)};
}

ScriptRun::ScriptRun(db::Connection& connection, const ReadyScript& script,
                     const PlaceFinder& places, SuiteProgress& suite, Observer& observer)
    : connection_(connection),
      script_(script),
      places_(places),
      suite_(suite),
      observer_(observer) {}

void ScriptRun::run() {
  if (script_.head != HeadTransaction::as_written) connection_.exec("BEGIN");
  for (std::size_t i = 0; i < script_.units.size(); ++i) run_unit(i);
  const bool is_open = connection_.transaction_status() == db::TransactionStatus::in_transaction;
  if (script_.head == HeadTransaction::begin_and_commit && is_open) connection_.exec("COMMIT");
}

void ScriptRun::run_unit(std::size_t index) {
  const ScriptUnit& unit = script_.units[index];
  const std::string_view text = script_.text.text().substr(unit.begin, unit.end - unit.begin);
  const std::optional<db::MessageFailure> failure =
      db::run_message(connection_, text, [this](const db::Result& result) { suite_.done(result); });
  if (failure) {
    const bool interrupted = failure->error.code() == ErrorCode::interrupted;
    observer_.on_event(
        UnitFinished{index + 1, interrupted ? Outcome::interrupted : Outcome::failed});
    fail(index, *failure);
  }
  observer_.on_event(UnitFinished{index + 1, Outcome::ok});
}

void ScriptRun::fail(std::size_t index, const db::MessageFailure& failure) {
  const Error& error = failure.error;
  if (!error.server()) throw Error(error).leaving(state_after(index));
  const ScriptUnit& unit = script_.units[index];
  const ServerMessage& message = *error.server();
  const ScriptPlace in_script = places_.in_script(unit, failure.results, message);
  ScriptPlace place = places_.in_file(message);
  const bool in_file = !place.where.file.empty();
  if (!in_file) place = in_script;
  if (code_of(error) == ErrorCode::sql) suite_.failed(message, place.where, place.source_line);
  Error told(code_of(error),
             error.code() == ErrorCode::interrupted ? "interrupted" : message.message);
  told.at(place.where, place.source_line).from_server(message).hint(error.hint());
  if (in_file) told.add_context("running " + in_script.where.to_string());
  throw told.leaving(state_after(index));
}

std::string ScriptRun::state_after(std::size_t index) const {
  if (index == 0) return "nothing was changed";
  return fmt::format(
      "of deploy.sql's {} units {} went through before, and what they committed stays",
      script_.units.size(), index);
}

bool ScriptRun::roll_back_open_transaction() {
  if (connection_.transaction_status() == db::TransactionStatus::idle) return false;
  connection_.exec("ROLLBACK");
  return true;
}

}  // namespace pgpm
