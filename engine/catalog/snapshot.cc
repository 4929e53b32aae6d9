// Reads a snapshot: all classes in one message of one read-only transaction. Knows nothing of what
// the queries ask. The surprising fact: a transaction's snapshot does not cover everything. The
// server words definitions (pg_get_indexdef and its like) from the catalog of that very moment, so
// a reading counts only if no transaction came or went meanwhile, or if a second reading says the
// same.
#include "engine/catalog/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/catalog/object_class.h"

namespace pgpm::catalog {

namespace {

constexpr std::string_view ledger_schema = "pgpm_migrate";
constexpr int attempts = 8;

// Whatever the session, the owner of the database or the role has set must not show in the words of
// a definition.
constexpr std::string_view settings =
    "SET LOCAL search_path = pg_catalog, pg_temp;"
    "SET LOCAL quote_all_identifiers = off;"
    "SET LOCAL standard_conforming_strings = on;"
    "SET LOCAL datestyle = 'ISO, YMD';"
    "SET LOCAL intervalstyle = postgres;"
    "SET LOCAL timezone = 'UTC';"
    "SET LOCAL extra_float_digits = 3;"
    "SET LOCAL bytea_output = hex;"
    "SET LOCAL lc_monetary = 'C';"
    "SET LOCAL jit = off;"
    "SET LOCAL max_parallel_workers_per_gather = 0;";

constexpr std::string_view running_transactions = "SELECT txid_current_snapshot()::text;";

// How a reading is set apart: by a transaction of its own, or by a savepoint in the caller's.
struct Frame {
  std::string_view begin;
  std::string_view end;
  std::string_view undo;
};

constexpr Frame own_transaction{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;", "COMMIT;",
                                "ROLLBACK"};
constexpr Frame in_transaction{
    "SAVEPOINT pgpm_snapshot;",
    "ROLLBACK TO SAVEPOINT pgpm_snapshot; RELEASE SAVEPOINT pgpm_snapshot;",
    "ROLLBACK TO SAVEPOINT pgpm_snapshot; RELEASE SAVEPOINT pgpm_snapshot"};

bool is_left_out(std::string_view schema, const SnapshotOptions& options) {
  return schema == ledger_schema || schema.starts_with("pg_temp_") ||
         schema.starts_with("pg_toast") ||
         std::ranges::find(options.exclude_schemas, schema) != options.exclude_schemas.end();
}

CatalogObject object_of(const db::Result& result, std::size_t row) {
  CatalogObject object{result.str(row, 0), result.str(row, 2), result.str(row, 3), {}};
  for (std::size_t column = 4; column < result.columns(); ++column)
    if (!result.is_null(row, column))
      object.facts.push_back({std::string(result.name(column)), result.str(row, column)});
  return object;
}

void add_objects(const db::Result& result, const SnapshotOptions& options,
                 std::vector<CatalogObject>& objects) {
  for (std::size_t row = 0; row < result.rows(); ++row)
    if (!is_left_out(result.text(row, 1), options)) objects.push_back(object_of(result, row));
}

struct Reading {
  CatalogSnapshot snapshot;
  bool undisturbed = false;  ///< no transaction began or ended meanwhile
};

std::string message_of(const Frame& frame, const std::vector<std::string>& queries) {
  std::string message = fmt::format("{}{}{}", frame.begin, settings, running_transactions);
  for (const std::string& query : queries) message.append(query).append(";\n");
  return message.append(frame.end).append(running_transactions);
}

Reading reading_of(const db::Connection& connection, const std::vector<db::Result>& results,
                   const SnapshotOptions& options) {
  Reading reading;
  reading.snapshot.database = connection.database();
  reading.snapshot.server_version = connection.server_version();
  std::vector<std::string_view> transactions;
  for (const db::Result& result : results) {
    if (result.columns() == 1) transactions.push_back(result.text(0, 0));
    if (result.columns() >= 4) add_objects(result, options, reading.snapshot.objects);
  }
  reading.undisturbed = transactions.front() == transactions.back();
  std::ranges::sort(reading.snapshot.objects);
  reading.snapshot.digest = catalog_digest(reading.snapshot.objects);
  return reading;
}

Reading read(db::Connection& connection, const Frame& frame, const SnapshotOptions& options) {
  const Readers user =
      connection.parameter("is_superuser") == "on" ? Readers::superusers : Readers::everybody;
  const std::string message =
      message_of(frame, class_queries(connection.server_version() / 10000, user, options.cluster));
  try {
    return reading_of(connection, connection.exec_all(message), options);
  } catch (const Error&) {
    const db::StopMask mask(connection);
    if (connection.alive() && connection.transaction_status() != db::TransactionStatus::idle)
      connection.exec(frame.undo);
    throw;
  }
}

// An object that was dropped between being listed and being described: "cache lookup failed",
// "relation with OID ... does not exist".
bool went_away(const Error& error) {
  return error.code() == ErrorCode::sql && error.server() &&
         (error.server()->sqlstate == "XX000" || error.server()->sqlstate.starts_with("42"));
}

}  // namespace

CatalogSnapshot take_snapshot(db::Connection& connection, const SnapshotOptions& options) {
  const Frame& frame = connection.transaction_status() == db::TransactionStatus::idle
                           ? own_transaction
                           : in_transaction;
  std::string former_digest;
  for (int attempt = 1; attempt <= attempts; ++attempt) {
    try {
      Reading reading = read(connection, frame, options);
      if (reading.undisturbed || reading.snapshot.digest == former_digest)
        return std::move(reading.snapshot);
      former_digest = std::move(reading.snapshot.digest);
    } catch (Error& error) {
      if (!went_away(error) || attempt == attempts)
        throw error.add_context("reading the catalog of database " + connection.database());
      former_digest.clear();
    }
  }
  throw Error(ErrorCode::other,
              fmt::format("the catalog of database {} kept changing while it was read",
                          connection.database()))
      .hint("Take the snapshot when no other session is changing the database's schema.");
}

}  // namespace pgpm::catalog

namespace pgpm {

CatalogSnapshot take_snapshot(const Target& target, const SnapshotOptions& options,
                              std::stop_token stop) {
  db::Connection connection = db::Connection::open(target, std::move(stop));
  return catalog::take_snapshot(connection, options);
}

}  // namespace pgpm
