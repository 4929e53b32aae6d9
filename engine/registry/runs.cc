#include <fmt/format.h>

#include "engine/registry/registry.h"
#include "engine/registry/text_array.h"
#include "engine/sql/quote.h"

namespace pgpm::registry {

namespace {

using sql::quote_literal;
using sql::quote_literal_or_null;

std::string event_type(Action action) {
  return action_name(action == Action::log_only ? Action::deploy : action);
}

}  // namespace

long start_run(db::Connection& connection, const RunRecord& run) {
  // The command line is the caller's to clean; this is for the caller who forgot.
  const db::Result row = connection.exec(fmt::format(
      "INSERT INTO pgpm_migrate.runs (command, command_line, modules, client_host, client_user,"
      " tool_version, git_commit) VALUES ({}, {}, {}, {}, {}, {}, {}) RETURNING run_id",
      quote_literal(run.command), quote_literal_or_null(redact(run.command_line)),
      text_array(run.modules), quote_literal_or_null(run.client_host),
      quote_literal_or_null(run.client_user), quote_literal_or_null(run.tool_version),
      quote_literal_or_null(run.git_commit)));
  return row.integer(0, 0);
}

std::string finish_run_sql(long run_id, Outcome outcome, const std::string& error_code) {
  return fmt::format(
      "UPDATE pgpm_migrate.runs SET finished_at = pg_catalog.clock_timestamp(), outcome = '{}',"
      " error_code = {} WHERE run_id OPERATOR(pg_catalog.=) {}",
      outcome_name(outcome), quote_literal_or_null(error_code), run_id);
}

void finish_run(db::Connection& connection, long run_id, Outcome outcome,
                const std::string& error_code) {
  connection.exec(finish_run_sql(run_id, outcome, error_code));
}

bool record_failure(db::Connection& connection, Action action, const std::string& package,
                    const std::string& change, const std::string& message, const std::string& code,
                    long run_id) {
  // Inside a transaction block it would go with the block.
  if (connection.transaction_status() != db::TransactionStatus::idle) return false;
  // Without a run the columns are upstream's alone: verify writes to ledgers that were not
  // upgraded.
  const bool in_run = run_id != 0;
  const std::string run_value = in_run ? fmt::format(", {}", run_id) : std::string();
  try {
    const db::StopMask mask(connection);
    connection.exec(fmt::format(
        "INSERT INTO pgpm_migrate.events (event_type, change_name, package, error_message,"
        " error_code{}) VALUES ('{}', {}, {}, {}, {}{})",
        in_run ? ", run_id" : "", event_type(action), quote_literal(change), quote_literal(package),
        quote_literal(message), quote_literal_or_null(code), run_value));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace pgpm::registry
