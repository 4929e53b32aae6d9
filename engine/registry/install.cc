// Makes the ledger, or brings an older one (upstream's counts as version 0) up to date: the steps
// it has not seen, then schema.sql and procedures.sql, which create what is missing. One
// transaction; an advisory lock lets several first deploys at once all succeed. Must not run inside
// a transaction of the caller's.
#include <fmt/format.h>

#include <exception>
#include <string_view>

#include "engine/registry/ledger_query.h"
#include "engine/registry/registry.h"
#include "engine/registry/rights.h"
#include "schema/schema.h"

namespace pgpm::registry {

namespace {

/// Rolls back what was not committed, also when a stop was requested meanwhile.
class OwnTransaction {
 public:
  explicit OwnTransaction(db::Connection& connection) : connection_(connection) {
    // Read committed, so that what another session did while we waited for the lock is seen.
    connection_.exec("BEGIN ISOLATION LEVEL READ COMMITTED");
  }
  ~OwnTransaction() { roll_back(); }
  OwnTransaction(const OwnTransaction&) = delete;
  OwnTransaction& operator=(const OwnTransaction&) = delete;

  void commit() { connection_.exec("COMMIT"); }
  void roll_back() noexcept {
    if (!connection_.alive() || connection_.transaction_status() == db::TransactionStatus::idle)
      return;
    try {
      const db::StopMask mask(connection_);
      connection_.exec("ROLLBACK");
    } catch (const std::exception&) {
      // Then the connection is gone, and the transaction with it.
    }
  }

 private:
  db::Connection& connection_;
};

struct UpgradeStep {
  int version;  ///< which it leads to
  std::string_view sql;
};
constexpr int no_version = 0;
const UpgradeStep steps[] = {{1, schema::registry_upgrade_001_upstream}};

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
void prepare(db::Connection& connection) {
  connection.exec(
      fmt::format("SET LOCAL search_path TO pg_catalog, pg_temp;"
                  "SET LOCAL client_min_messages TO warning;"
                  "SELECT pg_catalog.pg_advisory_xact_lock({}, {})",
                  install_lock_class, install_lock_object));
}

void write_ledger(db::Connection& connection, int version) {
  for (const UpgradeStep& step : steps)
    if (step.version > version) connection.exec(step.sql);
  connection.exec(schema::registry_schema);
  connection.exec(schema::registry_procedures);
  connection.exec(
      fmt::format("INSERT INTO pgpm_migrate.ledger (version) VALUES ({}) ON CONFLICT (one_row)"
                  " DO UPDATE SET version = excluded.version, upgraded_at = clock_timestamp()",
                  current_version));
}

bool write_unless_current(db::Connection& connection) {
  OwnTransaction transaction(connection);
  prepare(connection);
  const int version = installed_version(connection);
  refuse_newer(version);
  if (version == current_version) return false;
  write_ledger(connection, version);
  transaction.commit();
  return true;
}

}  // namespace

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
