#include "engine/registry/sqitch_registry.h"

#include <fmt/format.h>

#include "engine/registry/registry.h"
#include "engine/registry/text_array.h"
#include "engine/sql/quote.h"

namespace pgpm::registry {
namespace {

using sql::quote_identifier;
using sql::quote_literal;
using sql::quote_literal_or_null;

constexpr const char* time_of =
    "pg_catalog.to_char(pg_catalog.timezone('UTC', committed_at),"
    " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";

void require_registry(db::Connection& connection, const std::string& schema) {
  const db::Result found = connection.query(
      "SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
      " ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
      " WHERE n.nspname OPERATOR(pg_catalog.=) CAST($1 AS pg_catalog.text)"
      " AND c.relname OPERATOR(pg_catalog.=) ANY ('{projects,changes,tags,events}')"
      " AND c.relkind OPERATOR(pg_catalog.=) 'r' HAVING pg_catalog.count(*) = 4",
      {schema});
  if (found.rows() == 0)
    throw Error(ErrorCode::configuration,
                fmt::format("database {} has no Sqitch registry in schema {}",
                            connection.database(), schema))
        .hint("name its schema: --registry NAME");
}

void require_project(db::Connection& connection, const std::string& schema,
                     const std::string& project) {
  const db::Result rows = connection.exec(
      fmt::format("SELECT project FROM {}.projects ORDER BY project", quote_identifier(schema)));
  std::string others;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (rows.text(row, 0) == project) return;
    others += (others.empty() ? "" : ", ") + rows.str(row, 0);
  }
  throw Error(ErrorCode::configuration,
              fmt::format("Sqitch has never deployed project {} to database {}", project,
                          connection.database()))
      .hint(others.empty() ? "its registry is empty" : "its registry has: " + others);
}

std::string person(const std::string& name, const std::string& email) {
  return email.empty() ? name : fmt::format("{} <{}>", name, email);
}

}  // namespace

SqitchProject read_sqitch_project(db::Connection& connection, const std::string& schema,
                                  const std::string& project) {
  require_registry(connection, schema);
  require_project(connection, schema, project);
  const std::string from = quote_identifier(schema);
  const std::string of = " WHERE project OPERATOR(pg_catalog.=) " + quote_literal(project);
  SqitchProject found;
  const db::Result changes = connection.exec(fmt::format(
      "SELECT change_id, change, script_hash, {}, committer_name, committer_email FROM {}.changes{}"
      " ORDER BY committed_at, planned_at",
      time_of, from, of));
  for (std::size_t row = 0; row < changes.rows(); ++row)
    found.changes.push_back({changes.str(row, 0), changes.str(row, 1), changes.str(row, 2),
                             changes.str(row, 3), changes.str(row, 4), changes.str(row, 5)});
  const db::Result tags = connection.exec(
      fmt::format("SELECT tag, change_id, {}, committer_name, committer_email FROM {}.tags{}"
                  " ORDER BY committed_at, tag",
                  time_of, from, of));
  for (std::size_t row = 0; row < tags.rows(); ++row) {
    std::string tag = tags.str(row, 0);
    if (tag.starts_with('@')) tag.erase(0, 1);
    found.tags.push_back(
        {tag, tags.str(row, 1), tags.str(row, 2), tags.str(row, 3), tags.str(row, 4)});
  }
  const db::Result events = connection.exec(fmt::format(
      "SELECT event, change_id, change, {}, committer_name, committer_email FROM {}.events{}"
      " ORDER BY committed_at",
      time_of, from, of));
  for (std::size_t row = 0; row < events.rows(); ++row)
    found.events.push_back({events.str(row, 0), events.str(row, 1), events.str(row, 2),
                            events.str(row, 3), events.str(row, 4), events.str(row, 5)});
  return found;
}

std::string adopt_change_sql(const AdoptedChange& change) {
  const std::string id =
      quote_literal(change_id(change.package, change.change, change.script_hash));
  std::string text = fmt::format(
      "INSERT INTO pgpm_migrate.changes (change_id, change_name, package, script_hash, fingerprint,"
      " deployed_at, deployed_by) VALUES ({}, {}, {}, {}, {}, CAST({} AS pg_catalog.timestamptz),"
      " {})",
      id, quote_literal(change.change), quote_literal(change.package),
      quote_literal(change.script_hash), quote_literal_or_null(change.fingerprint),
      quote_literal(change.deployed_at), quote_literal_or_null(change.deployed_by));
  if (change.requires_changes.empty()) return text;
  return text + fmt::format(
                    ";\nINSERT INTO pgpm_migrate.dependencies (change_id, requires)"
                    " SELECT {}, r FROM pg_catalog.unnest({}) AS r",
                    id, text_array(change.requires_changes));
}

std::string adopt_tag_sql(const std::string& package, const std::string& tag,
                          const std::string& change, const std::string& at, const std::string& by) {
  return fmt::format(
      "INSERT INTO pgpm_migrate.tags (package, tag, change_name, tagged_at, tagged_by)"
      " VALUES ({}, {}, {}, CAST({} AS pg_catalog.timestamptz), {})"
      " ON CONFLICT (package, tag) DO NOTHING",
      quote_literal(package), quote_literal(tag), quote_literal(change), quote_literal(at),
      quote_literal_or_null(by));
}

std::string adopt_event_sql(const std::string& package, const std::string& change,
                            const SqitchEvent& event, long run_id) {
  const bool failed = event.event == "fail";
  const std::string type = event.event == "revert" ? "revert" : "deploy";
  return fmt::format(
      "INSERT INTO pgpm_migrate.events (event_type, change_name, package, occurred_at,"
      " error_message, error_code, run_id, recorded_by)"
      " SELECT {0}, {1}, {2}, CAST({3} AS pg_catalog.timestamptz), {4}, {5}, {6}, {7}"
      " WHERE NOT EXISTS (SELECT FROM pgpm_migrate.events AS e"
      " WHERE e.package OPERATOR(pg_catalog.=) {2} AND e.change_name OPERATOR(pg_catalog.=) {1}"
      " AND e.event_type OPERATOR(pg_catalog.=) {0}"
      " AND e.occurred_at OPERATOR(pg_catalog.=) CAST({3} AS pg_catalog.timestamptz))",
      quote_literal(type), quote_literal(change), quote_literal(package),
      quote_literal(event.committed_at),
      failed ? quote_literal("the deploy failed under Sqitch, which kept no message") : "NULL",
      failed ? quote_literal("SQITCH_FAIL") : "NULL", run_id,
      quote_literal_or_null(person(event.committer_name, event.committer_email)));
}

}  // namespace pgpm::registry
