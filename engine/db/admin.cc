#include "engine/db/admin.h"

#include <fmt/format.h>

#include "engine/db/conninfo.h"
#include "engine/sql/quote.h"

namespace pgpm::db {

namespace {

constexpr int first_version_with_force = 130000;

bool is_missing_database(const Error& error) {
  return error.server() && error.server()->sqlstate == "3D000";
}

// Another process was faster: seen by name, or at the unique index when both were in the middle.
bool is_there_already(const Error& error) {
  return error.server() &&
         (error.server()->sqlstate == "42P04" || error.server()->sqlstate == "23505");
}

void disconnect_all(Connection& connection, const std::string& database) {
  connection.query(
      "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity "
      "WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid()",
      {database});
}

}  // namespace

std::string database_name(const Target& target) {
  const ConnectionParameters parameters = connection_parameters(target);
  std::string name = effective_parameter(parameters, "dbname");
  return name.empty() ? effective_parameter(parameters, "user") : name;
}

Connection open_maintenance(const Target& target, std::stop_token stop) {
  const Target server = with_dsn_apart(target);
  try {
    return Connection::open(server.with_database("postgres"), stop);
  } catch (const Error& error) {
    if (!is_missing_database(error)) throw;
  }
  return Connection::open(server.with_database("template1"), stop);
}

bool database_exists(const Target& target, std::stop_token stop) {
  try {
    Connection::open(target, std::move(stop));
  } catch (const Error& error) {
    if (is_missing_database(error)) return false;
    throw;
  }
  return true;
}

bool create_database(const Target& target, std::stop_token stop) {
  Connection connection = open_maintenance(target, std::move(stop));
  return create_database(connection, database_name(target));
}

bool create_database(Connection& connection, const std::string& name) {
  try {
    connection.exec("CREATE DATABASE " + sql::quote_identifier(name));
  } catch (const Error& error) {
    if (is_there_already(error)) return false;
    throw;
  }
  return true;
}

void drop_database(const Target& target, std::stop_token stop) {
  Connection connection = open_maintenance(target, std::move(stop));
  drop_database(connection, database_name(target));
}

void drop_database(Connection& connection, const std::string& name) {
  const bool can_force = connection.server_version() >= first_version_with_force;
  if (!can_force) disconnect_all(connection, name);
  connection.exec(fmt::format("DROP DATABASE IF EXISTS {}{}", sql::quote_identifier(name),
                              can_force ? " WITH (FORCE)" : ""));
}

}  // namespace pgpm::db
