#include "pgpm/tuning.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <thread>
#include <utility>

#include "engine/db/admin.h"
#include "engine/sql/quote.h"
#include "pgpm/error.h"

namespace pgpm {

namespace {

/// None of them needs a restart.
constexpr std::array<std::pair<const char*, const char*>, 5> settings{
    {{"fsync", "off"},
     {"synchronous_commit", "off"},
     {"full_page_writes", "off"},
     {"checkpoint_timeout", "30min"},
     {"max_wal_size", "8GB"}}};

std::string current(db::Connection& connection, const char* name) {
  return connection.query("SELECT pg_catalog.current_setting($1)", {name}).str(0, 0);
}

std::vector<TunedSetting> read(db::Connection& connection) {
  std::vector<TunedSetting> found;
  for (const auto& [name, value] : settings) found.push_back({name, current(connection, name), ""});
  return found;
}

std::string statement(const std::string& name, const char* value, Tuning tuning) {
  const std::string setting = sql::quote_identifier(name);
  if (tuning == Tuning::as_before) return fmt::format("ALTER SYSTEM RESET {}", setting);
  return fmt::format("ALTER SYSTEM SET {} = {}", setting, sql::quote_literal(value));
}

/// When the session has read the files again; the number says how often it has.
std::string loaded_at(db::Connection& connection) {
  return connection.exec("SELECT pg_catalog.pg_conf_load_time()").str(0, 0);
}

/// The server tells its sessions by a signal: ours has heard it once the time of loading moved.
void reload(db::Connection& connection) {
  const std::string before = loaded_at(connection);
  connection.exec("SELECT pg_catalog.pg_reload_conf()");
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (loaded_at(connection) == before && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

Error explained(const Error& error) {
  Error told = error;
  if (error.server() && error.server()->sqlstate == "42501")
    told.hint(
        "This needs a superuser (from PostgreSQL 15 on, GRANT ALTER SYSTEM ON PARAMETER for each of "
        "the settings and EXECUTE on pg_reload_conf() do as well).");
  return told;
}

/// ALTER SYSTEM refuses transactions: what the server will refuse comes before what it would take.
void meet_refusals(db::Connection& connection, Tuning tuning) {
  if (connection.server_version() >= 150000)  // before, superusers may set all, and others nothing
    for (const auto& [name, value] : settings)
      if (!connection.query("SELECT pg_catalog.has_parameter_privilege($1, 'ALTER SYSTEM')", {name})
               .boolean(0, 0))
        connection.exec(statement(name, value, tuning));
  if (!connection
           .exec("SELECT pg_catalog.has_function_privilege('pg_catalog.pg_reload_conf()', "
                 "'EXECUTE')")
           .boolean(0, 0))
    connection.exec("SELECT pg_catalog.pg_reload_conf()");
}

}  // namespace

std::vector<TunedSetting> plan_tuning(const Target& target, Tuning tuning, std::stop_token stop) {
  db::Connection connection = db::open_maintenance(target, std::move(stop));
  std::vector<TunedSetting> planned = read(connection);
  for (std::size_t i = 0; i < planned.size(); ++i)
    planned[i].after = tuning == Tuning::as_before ? "" : settings[i].second;
  return planned;
}

std::vector<TunedSetting> tune(const Target& target, Tuning tuning, std::stop_token stop) {
  db::Connection connection = db::open_maintenance(target, std::move(stop));
  std::vector<TunedSetting> tuned = read(connection);
  try {
    meet_refusals(connection, tuning);
    for (const auto& [name, value] : settings) connection.exec(statement(name, value, tuning));
  } catch (const Error& error) {
    throw explained(error);
  }
  reload(connection);
  for (TunedSetting& setting : tuned) setting.after = current(connection, setting.name.c_str());
  return tuned;
}

}  // namespace pgpm
