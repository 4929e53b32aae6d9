// Ending sessions takes the server a moment: a terminated one is gone when its process is. Dropping
// does it again, since clients with a pool are back at once.
#include "pgpm/databases.h"

#include <chrono>
#include <thread>

#include "engine/db/admin.h"
#include "pgpm/error.h"

namespace pgpm {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{10};
constexpr std::chrono::milliseconds interval{20};

constexpr const char* sessions_of =
    "FROM pg_catalog.pg_stat_activity AS a WHERE a.datname OPERATOR(pg_catalog.=) $1 AND a.pid "
    "OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid() AND a.backend_type "
    "OPERATOR(pg_catalog.=) 'client backend'";

std::string words_of(const Error& error) {
  if (!error.server()) return error.what();
  const ServerMessage& said = *error.server();
  return said.detail.empty() ? said.message : said.message + " (" + said.detail + ")";
}

std::size_t terminate_all(db::Connection& connection, const std::string& database) {
  const db::Result ended = connection.query(
      std::string(
          "SELECT pg_catalog.count(*) FILTER (WHERE pg_catalog.pg_terminate_backend(a.pid)) ") +
          sessions_of,
      {database});
  return static_cast<std::size_t>(ended.integer(0, 0));
}

/// False if some are still there when our patience ends.
bool await_gone(db::Connection& connection, const std::string& database,
                const std::stop_token& stop) {
  const auto end = Clock::now() + patience;
  const std::string count = std::string("SELECT pg_catalog.count(*) ") + sessions_of;
  while (connection.query(count, {database}).integer(0, 0) > 0) {
    if (stop.stop_requested()) throw Error(ErrorCode::interrupted, "interrupted");
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(interval);
  }
  return true;
}

EndedDatabase end_one(db::Connection& connection, const std::string& database,
                      Afterwards afterwards, const std::stop_token& stop) {
  EndedDatabase ended;
  ended.name = database;
  try {
    ended.sessions_ended = terminate_all(connection, database);
    if (afterwards == Afterwards::drop_database) {
      db::drop_database(connection, database);
      ended.dropped = true;
    } else if (!await_gone(connection, database, stop)) {
      ended.problem = "sessions are still connected";
    }
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted || !connection.alive()) throw;
    ended.problem = words_of(error);
  }
  return ended;
}

}  // namespace

std::vector<DatabaseSummary> list_databases(const Target& target, const std::string& like,
                                            std::stop_token stop) {
  db::Connection connection = db::open_maintenance(target, std::move(stop));
  const db::Result rows = connection.query(
      "SELECT d.datname, pg_catalog.pg_get_userbyid(d.datdba), (SELECT pg_catalog.count(*) FROM "
      "pg_catalog.pg_stat_activity AS a WHERE a.datid OPERATOR(pg_catalog.=) d.oid AND "
      "a.backend_type OPERATOR(pg_catalog.=) 'client backend') FROM pg_catalog.pg_database AS d "
      "WHERE NOT d.datistemplate AND d.datname OPERATOR(pg_catalog.<>) "
      "pg_catalog.current_database() AND d.datname OPERATOR(pg_catalog.<>) 'postgres' AND ($1 "
      "OPERATOR(pg_catalog.=) '' OR d.datname LIKE $1) ORDER BY "
      // Until 12 names could not be collated.
      "d.datname::pg_catalog.text COLLATE \"C\"",
      {like});
  std::vector<DatabaseSummary> databases;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    databases.push_back(
        {rows.str(row, 0), rows.str(row, 1), static_cast<std::size_t>(rows.integer(row, 2))});
  return databases;
}

std::vector<EndedDatabase> end_sessions(const Target& target,
                                        const std::vector<std::string>& databases,
                                        Afterwards afterwards, std::stop_token stop) {
  db::Connection connection = db::open_maintenance(target, stop);
  std::vector<EndedDatabase> ended;
  ended.reserve(databases.size());
  for (const std::string& database : databases)
    ended.push_back(end_one(connection, database, afterwards, stop));
  return ended;
}

}  // namespace pgpm
