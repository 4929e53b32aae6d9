#include "engine/session/server_access.h"

#include <fmt/format.h>

#include <utility>

#include "engine/db/admin.h"
#include "engine/db/connect_retry.h"
#include "engine/db/conninfo.h"
#include "engine/session/early_session.h"

namespace pgpm {

namespace {

bool is_missing_database(const Error& error) {
  return error.server() && error.server()->sqlstate == "3D000";
}

/// The database of the connection string, where -d names another one.
std::string database_beside(const Target& target) {
  if (target.dsn.empty() || target.database.empty()) return "";
  const std::string name = db::database_name(target.with_database(""));
  return name == target.database ? "" : name;
}

std::vector<std::string> maintenance_databases(const Target& target,
                                               const SessionOptions& options) {
  std::vector<std::string> names;
  for (const std::string& name : {options.maintenance_database, database_beside(target),
                                  std::string("postgres"), std::string("template1")})
    if (!name.empty()) names.push_back(name);
  return names;
}

}  // namespace

ServerAccess::ServerAccess(const Target& target, const SessionOptions& options, Observer& observer,
                           std::stop_token stop)
    : target_(db::with_dsn_apart(target)),
      options_(options),
      observer_(observer),
      stop_(std::move(stop)),
      maintenance_(maintenance_databases(target_, options)) {}

std::string ServerAccess::database_name() const {
  return db::database_name(target_);
}

Target ServerAccess::fresh() const {
  return options_.fresh_login ? options_.fresh_login(target_) : target_;
}

db::Connection ServerAccess::open_database(const std::string& name) const {
  return db::open_patiently(
      [&] {
        if (name.empty() && options_.early && options_.early->is_there())
          return options_.early->take(stop_);
        const Target target = fresh();
        return db::Connection::open(name.empty() ? target : target.with_database(name), stop_);
      },
      {}, stop_,
      [&](const Error& failure, int attempt) {
        observer_.on_event(
            WarningRaised{{},
                          {},
                          {Severity::warning,
                           {},
                           failure.what(),
                           {},
                           fmt::format("connecting once more: attempt {}", attempt)}});
      });
}

db::Connection ServerAccess::open() const {
  return open_database("");
}

std::optional<db::Connection> ServerAccess::open_if_there() const {
  try {
    return open();
  } catch (const Error& error) {
    if (!is_missing_database(error)) throw;
    return std::nullopt;
  }
}

db::Connection ServerAccess::open_maintenance() const {
  for (std::size_t i = 0; i + 1 < maintenance_.size(); ++i) {
    try {
      return open_database(maintenance_[i]);
    } catch (const Error& error) {
      const bool was_asked_for = i == 0 && !options_.maintenance_database.empty();
      if (was_asked_for || !is_missing_database(error)) throw;
    }
  }
  return open_database(maintenance_.back());
}

}  // namespace pgpm
