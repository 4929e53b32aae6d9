#include "engine/catalog/settled_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace pgpm::catalog {

namespace {

constexpr int attempts = 8;

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

std::string message_of(const Frame& frame, const std::vector<std::string>& queries) {
  std::string message = fmt::format("{}{}{}", frame.begin, settings, running_transactions);
  for (const std::string& query : queries) message.append(query).append(";\n");
  return message.append(frame.end).append(running_transactions);
}

Reading reading_of(std::vector<db::Result> results) {
  Reading reading;
  for (db::Result& result : results)
    if (result.columns() > 0) reading.results.push_back(std::move(result));
  reading.running_before = reading.results.front().str(0, 0);
  reading.running_after = reading.results.back().str(0, 0);
  reading.results.erase(reading.results.begin());
  reading.results.pop_back();
  return reading;
}

/// The first answer and the last are about transactions, not of the caller's.
db::Connection::ResultSeen without_frame(const AnswerSeen& seen, std::size_t queries) {
  if (!seen) return {};
  return [&seen, queries, number = std::size_t{0}](const db::Result& result) mutable {
    if (result.columns() == 0) return;
    if (number > 0 && number <= queries) seen(number - 1, result);
    ++number;
  };
}

Reading read(db::Connection& connection, const Frame& frame,
             const std::vector<std::string>& queries, const AnswerSeen& seen) {
  try {
    return reading_of(
        connection.exec_all(message_of(frame, queries), without_frame(seen, queries.size())));
  } catch (const Error&) {
    const db::StopMask mask(connection);
    if (connection.alive() && connection.transaction_status() != db::TransactionStatus::idle)
      connection.exec(frame.undo);
    throw;
  }
}

bool same(const db::Result& one, const db::Result& other) {
  if (one.rows() != other.rows() || one.columns() != other.columns()) return false;
  for (std::size_t row = 0; row < one.rows(); ++row)
    for (std::size_t column = 0; column < one.columns(); ++column)
      if (one.is_null(row, column) != other.is_null(row, column) ||
          one.text(row, column) != other.text(row, column))
        return false;
  return true;
}

// An object that was dropped between being listed and being described: "cache lookup failed",
// "relation with OID ... does not exist".
bool went_away(const Error& error) {
  return error.code() == ErrorCode::sql && error.server() &&
         (error.server()->sqlstate == "XX000" || error.server()->sqlstate.starts_with("42"));
}

}  // namespace

Reading read_once(db::Connection& connection, const std::vector<std::string>& queries,
                  const AnswerSeen& seen) {
  const bool is_idle = connection.transaction_status() == db::TransactionStatus::idle;
  return read(connection, is_idle ? own_transaction : in_transaction, queries, seen);
}

std::vector<db::Result> read_settled(db::Connection& connection,
                                     const std::vector<std::string>& queries,
                                     const AnswerSeen& seen) {
  std::vector<db::Result> former;
  for (int attempt = 1; attempt <= attempts; ++attempt) {
    try {
      Reading reading = read_once(connection, queries, seen);
      if (reading.undisturbed() ||
          std::ranges::equal(reading.results, former,
                             [](const auto& one, const auto& other) { return same(one, other); }))
        return std::move(reading.results);
      former = std::move(reading.results);
    } catch (Error& error) {
      if (!went_away(error) || attempt == attempts)
        throw error.add_context("reading the catalog of database " + connection.database());
      former.clear();
    }
  }
  throw Error(ErrorCode::other,
              fmt::format("the catalog of database {} kept changing while it was read",
                          connection.database()))
      .hint("Take the snapshot when no other session is changing the database's schema.");
}

}  // namespace pgpm::catalog
