// The SQL text of what goes into the ledger: one statement each, without a semicolon. It runs
// between scripts that may have moved search_path, so every name has its schema, and no cast names
// a type. Which form is cheapest was measured: schema/registry/procedures.sql, record_deploy.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <initializer_list>
#include <iterator>
#include <optional>

#include "engine/registry/registry.h"
#include "engine/registry/text_array.h"
#include "engine/sql/quote.h"
#include "engine/text/digest.h"

namespace pgpm::registry {

namespace {

using sql::quote_literal;
using sql::quote_literal_or_null;

std::string run_or_null(long run_id) {
  return run_id == 0 ? "NULL" : fmt::to_string(run_id);
}

std::string named(const std::string& package, const std::string& change) {
  return fmt::format("package OPERATOR(pg_catalog.=) {} AND change_name OPERATOR(pg_catalog.=) {}",
                     quote_literal(package), quote_literal(change));
}

std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

/// Rows of texts, sent as an array for each column: a literal of its own for each value costs the
/// server's parser a fifth of the whole INSERT.
class Columns {
 public:
  explicit Columns(std::size_t number) : values_(number) {}

  void add(std::initializer_list<std::optional<std::string>> row) {
    auto column = values_.begin();
    for (const auto& value : row) (column++)->push_back(value);
  }
  bool empty() const { return values_.front().empty(); }

  /// In the order they were added.
  std::string rows() const {
    std::vector<std::string> functions;
    for (const auto& column : values_)
      functions.push_back(fmt::format("pg_catalog.unnest({})", text_array_literal(column)));
    return fmt::format("ROWS FROM ({}) AS given", fmt::join(functions, ", "));
  }

 private:
  std::vector<std::vector<std::optional<std::string>>> values_;
};

}  // namespace

std::string change_id(const std::string& package, const std::string& change,
                      const std::string& script_hash) {
  return sha256_hex(package + change + script_hash);
}

std::string record_deploy_sql(const DeployRecord& record) {
  return fmt::format("CALL pgpm_migrate.record_deploy({}, {}, {}, {}, {}, {}, {}, {})",
                     quote_literal(record.package), quote_literal(record.change),
                     quote_literal(record.script_hash),
                     quote_literal(change_id(record.package, record.change, record.script_hash)),
                     quote_literal_or_null(record.fingerprint), text_array(record.requires_changes),
                     text_array(record.tags), run_or_null(record.run_id));
}

std::vector<std::string> record_deploys_sql(const std::vector<DeployRecord>& records) {
  if (records.size() == 1) return {record_deploy_sql(records.front())};
  Columns changes(5), dependencies(2), events(2);
  std::vector<std::string> tags;
  for (const DeployRecord& record : records) {
    const std::string id = change_id(record.package, record.change, record.script_hash);
    changes.add(
        {id, record.change, record.package, record.script_hash, text_or_null(record.fingerprint)});
    for (const std::string& required : record.requires_changes) dependencies.add({id, required});
    events.add({record.change, record.package});
    for (const std::string& tag : record.tags)
      tags.push_back(record_tag_sql(record.package, tag, record.change));
  }
  std::vector<std::string> all;
  all.push_back(fmt::format(
      "INSERT INTO pgpm_migrate.changes (change_id, change_name, package, script_hash, fingerprint)"
      " SELECT * FROM {}",
      changes.rows()));
  if (!dependencies.empty())
    all.push_back(
        fmt::format("INSERT INTO pgpm_migrate.dependencies (change_id, requires) SELECT * FROM {}",
                    dependencies.rows()));
  std::move(tags.begin(), tags.end(), std::back_inserter(all));
  all.push_back(
      fmt::format("INSERT INTO pgpm_migrate.events (change_name, package, event_type,"
                  " run_id) SELECT *, 'deploy', {} FROM {}",
                  run_or_null(records.front().run_id), events.rows()));
  return all;
}

std::string record_revert_sql(const std::string& package, const std::string& change, long run_id) {
  return fmt::format("CALL pgpm_migrate.record_revert({}, {}, {})", quote_literal(package),
                     quote_literal(change), run_or_null(run_id));
}

std::string rename_instance_sql(const std::string& package, const std::string& from,
                                const std::string& to) {
  return fmt::format("CALL pgpm_migrate.rename_change({}, {}, {})", quote_literal(package),
                     quote_literal(from), quote_literal(to));
}

std::string record_tag_sql(const std::string& package, const std::string& tag,
                           const std::string& change) {
  return fmt::format("CALL pgpm_migrate.record_tag({}, {}, {})", quote_literal(package),
                     quote_literal(tag), quote_literal(change));
}

std::string accept_edit_sql(const std::string& package, const std::string& change,
                            const std::string& script_hash, const std::string& fingerprint) {
  return fmt::format("CALL pgpm_migrate.rewrite_change({}, {}, {}, {}, {})", quote_literal(package),
                     quote_literal(change), quote_literal(change), quote_literal(script_hash),
                     quote_literal_or_null(fingerprint));
}

std::string register_package_sql(const std::string& package) {
  // Not by the routine of that name: it would be the only reason to load PL/pgSQL.
  return fmt::format(
      "INSERT INTO pgpm_migrate.packages (package) VALUES ({})"
      " ON CONFLICT (package) DO NOTHING",
      quote_literal(package));
}

std::string count_managed_objects_sql() {
  return "UPDATE pgpm_migrate.packages AS p SET managed_objects = n.number FROM"
         " (SELECT q.package, pg_catalog.count(m.module) AS number FROM pgpm_migrate.packages AS q"
         " LEFT JOIN pgpm_migrate.managed_objects AS m ON m.module OPERATOR(pg_catalog.=) q.package"
         " GROUP BY q.package) AS n WHERE n.package OPERATOR(pg_catalog.=) p.package"
         " AND n.number OPERATOR(pg_catalog.<>) p.managed_objects";
}

std::vector<std::string> rename_package_sql(const std::string& from, const std::string& to) {
  const std::string was = quote_literal(from), is = quote_literal(to);
  const std::string prefix = quote_literal(from + ":");
  return {
      register_package_sql(to),
      // One statement: the constraint between both tables is looked at when all of it has run.
      fmt::format(
          "WITH moved AS (SELECT c.change_id AS old_id, pgpm_migrate.change_id({1}, c.change_name,"
          " c.script_hash) AS new_id FROM pgpm_migrate.changes AS c"
          " WHERE c.package OPERATOR(pg_catalog.=) {0}),"
          " followed AS (UPDATE pgpm_migrate.dependencies AS d SET change_id = m.new_id"
          " FROM moved AS m WHERE d.change_id OPERATOR(pg_catalog.=) m.old_id)"
          " UPDATE pgpm_migrate.changes AS c SET package = {1}, change_id = m.new_id"
          " FROM moved AS m WHERE c.change_id OPERATOR(pg_catalog.=) m.old_id",
          was, is),
      fmt::format("UPDATE pgpm_migrate.dependencies SET requires = {} OPERATOR(pg_catalog.||)"
                  " pg_catalog.substr(requires, pg_catalog.length({}) OPERATOR(pg_catalog.+) 1)"
                  " WHERE pg_catalog.starts_with(requires, {})",
                  quote_literal(to + ":"), prefix, prefix)};
}

std::vector<std::string> rename_object_owner_sql(const std::string& from, const std::string& to) {
  return {fmt::format("UPDATE pgpm_migrate.managed_objects SET module = {}"
                      " WHERE module OPERATOR(pg_catalog.=) {}",
                      quote_literal(to), quote_literal(from)),
          count_managed_objects_sql()};
}

std::string begin_intent_sql(const std::string& package, const std::string& change, Action action,
                             const std::string& script_hash, long run_id) {
  return fmt::format(
      "INSERT INTO pgpm_migrate.intents (package, change_name, action, script_hash, run_id)"
      " VALUES ({}, {}, '{}', {}, {}) ON CONFLICT (package, change_name) DO UPDATE SET"
      " action = excluded.action, script_hash = excluded.script_hash, run_id = excluded.run_id,"
      " statements_done = excluded.statements_done, started_at = excluded.started_at,"
      " backend_pid = excluded.backend_pid",
      quote_literal(package), quote_literal(change), action_name(action),
      quote_literal(script_hash), run_or_null(run_id));
}

std::string advance_intent_sql(const std::string& package, const std::string& change,
                               std::size_t statements_done) {
  return fmt::format("UPDATE pgpm_migrate.intents SET statements_done = {} WHERE {}",
                     statements_done, named(package, change));
}

std::string resume_intent_sql(const std::string& package, const std::string& change, long run_id) {
  return fmt::format(
      "UPDATE pgpm_migrate.intents SET backend_pid = pg_catalog.pg_backend_pid(), run_id = {}"
      " WHERE {}",
      run_or_null(run_id), named(package, change));
}

std::string end_intent_sql(const std::string& package, const std::string& change) {
  return fmt::format("DELETE FROM pgpm_migrate.intents WHERE {}", named(package, change));
}

}  // namespace pgpm::registry
