// Makes the ledger, or brings an older one (upstream's counts as version 0) up to date: the steps
// it has not seen, then the files that create what is missing: tables, routines, managed objects.
// One transaction; an advisory lock lets several first deploys at once all succeed. Must not run
// inside a transaction of the caller's.
#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "engine/db/own_transaction.h"
#include "engine/registry/ledger_query.h"
#include "engine/registry/registry.h"
#include "engine/registry/rights.h"
#include "schema/schema.h"

namespace pgpm::registry {

namespace {

struct UpgradeStep {
  int version;  ///< which it leads to
  std::string_view sql;
};
constexpr int no_version = 0;
const UpgradeStep steps[] = {{1, schema::registry_upgrade_001_upstream},
                             {2, schema::registry_upgrade_002_managed_objects}};

int installed_version(db::Connection& connection) {
  const LedgerAnswer answer =
      ask_ledger(connection, {"SELECT version FROM pgpm_migrate.ledger", ""});
  if (answer.layout != Layout::ours || answer.rows.rows() == 0) return no_version;
  return static_cast<int>(answer.rows.integer(0, 0));
}

void refuse_newer(int version) {
  if (version <= current_version) return;
  throw Error(ErrorCode::refused,
              fmt::format("the ledger has version {}, this pgpm knows versions up to {}", version,
                          current_version))
      .hint("a newer pgpm has upgraded it: use that version or a later one");
}

/// Waits for other installers, and gives the files the search_path they are written for.
std::string prepare_sql() {
  return fmt::format(
      "SET LOCAL search_path TO pg_catalog, pg_temp;\n"
      "SET LOCAL client_min_messages TO warning;\n"
      "SELECT pg_catalog.pg_advisory_xact_lock({}, {});\n",
      install_lock_class, install_lock_object);
}

std::string record_version_sql() {
  return fmt::format(
      "INSERT INTO pgpm_migrate.ledger (version) VALUES ({}) ON CONFLICT (one_row)"
      " DO UPDATE SET version = excluded.version, upgraded_at = clock_timestamp();\n",
      current_version);
}

/// What makes a ledger of `version` one of ours, in order.
std::vector<std::string> ledger_sql(int version) {
  std::vector<std::string> texts;
  for (const UpgradeStep& step : steps)
    if (step.version > version) texts.emplace_back(step.sql);
  texts.emplace_back(schema::registry_schema);
  texts.emplace_back(schema::registry_procedures);
  texts.emplace_back(schema::objects_state);
  texts.push_back(record_version_sql());
  return texts;
}

bool write_unless_current(db::Connection& connection) {
  db::OwnTransaction transaction(connection);
  connection.exec(prepare_sql());
  const int version = installed_version(connection);
  refuse_newer(version);
  if (version == current_version) return false;
  for (const std::string& text : ledger_sql(version)) connection.exec(text);
  transaction.commit();
  return true;
}

}  // namespace

std::string install_sql(int version) {
  if (version >= current_version) return {};
  std::string text = "BEGIN ISOLATION LEVEL READ COMMITTED;\n" + prepare_sql();
  for (const std::string& part : ledger_sql(version)) text += part + "\n";
  return text + "COMMIT;\n";
}

bool install(db::Connection& connection) {
  const int version = installed_version(connection);
  refuse_newer(version);
  if (version == current_version) return false;
  try {
    return write_unless_current(connection);
  } catch (const Error& error) {
    if (sqlstate_of(error) != "42501") throw;
    throw explain_denied_install(connection, error);
  }
}

}  // namespace pgpm::registry
