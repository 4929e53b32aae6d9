#include "engine/session/target_database.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "engine/db/admin.h"
#include "engine/db/preflight.h"
#include "engine/sql/quote.h"
#include "engine/text/ascii.h"

namespace pgpm {

namespace {

void create(db::Connection& maintenance, const std::string& name) {
  if (db::create_database(maintenance, name)) return;
  throw Error(ErrorCode::lock_held,
              fmt::format("another process created database \"{}\" just now", name))
      .hint("it is most likely being deployed: try again when that is done");
}

/// A role may be allowed into its own database and nowhere else: that one is asked first.
TargetDatabase create_if_missing(const ServerAccess& access) {
  if (std::optional<db::Connection> connection = access.open_if_there())
    return {*std::move(connection), false};
  db::Connection maintenance = access.open_maintenance();
  create(maintenance, access.database_name());
  return {access.open(), true};
}

void refuse_to_drop(const std::string& name, const std::string& maintenance) {
  for (const std::string& kept :
       {maintenance, std::string("postgres"), std::string("template0"), std::string("template1")})
    if (iequals(name, kept))
      throw Error(ErrorCode::configuration,
                  fmt::format("database \"{}\" is the server's own and is not overwritten", name))
          .hint("name the project's database with -d");
}

/// What a database is, in the words that make another like it.
class DatabaseShape {
 public:
  DatabaseShape(db::Connection& connection, const std::string& name) : name_(name) {
    const db::Result row = connection.query(
        "SELECT pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, r.rolname, "
        "d.datconnlimit, shobj_description(d.oid, 'pg_database'), d.encoding = t.encoding AND "
        "d.datcollate = t.datcollate AND d.datctype = t.datctype FROM pg_database d JOIN pg_roles "
        "r ON r.oid = d.datdba CROSS JOIN pg_database t WHERE d.datname = $1 AND t.datname = "
        "'template1'",
        {name});
    exists_ = row.rows() > 0;
    if (!exists_) return;
    const bool like_template = row.boolean(0, 6);
    create_ = fmt::format("CREATE DATABASE {} OWNER {} CONNECTION LIMIT {}", quoted(),
                          sql::quote_identifier(row.str(0, 3)), row.integer(0, 4));
    if (!like_template)
      create_ += fmt::format(" TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}",
                             sql::quote_literal(row.str(0, 0)), sql::quote_literal(row.str(0, 1)),
                             sql::quote_literal(row.str(0, 2)));
    if (!row.is_null(0, 5))
      after_.push_back(
          fmt::format("COMMENT ON DATABASE {} IS {}", quoted(), sql::quote_literal(row.str(0, 5))));
    add_settings(connection);
  }

  bool exists() const { return exists_; }

  void make_anew(db::Connection& connection) const {
    db::drop_database(connection, name_);
    connection.exec(create_);
    for (const std::string& statement : after_) connection.exec(statement);
  }

 private:
  std::string quoted() const { return sql::quote_identifier(name_); }

  /// ALTER DATABASE SET, and ALTER ROLE IN DATABASE SET.
  void add_settings(db::Connection& connection) {
    const db::Result rows = connection.query(
        "SELECT r.rolname, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1) FROM "
        "pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON "
        "r.oid = s.setrole CROSS JOIN unnest(s.setconfig) AS c WHERE d.datname = $1",
        {name_});
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const std::string whose = rows.is_null(i, 0)
                                    ? "ALTER DATABASE " + quoted()
                                    : fmt::format("ALTER ROLE {} IN DATABASE {}",
                                                  sql::quote_identifier(rows.str(i, 0)), quoted());
      after_.push_back(fmt::format("{} SET {} = {}", whose, sql::quote_identifier(rows.str(i, 1)),
                                   setting_value(rows.str(i, 1), rows.str(i, 2))));
    }
  }

  /// Lists are kept as they are written: quoted as one, they would be one name.
  static std::string setting_value(const std::string& name, const std::string& value) {
    const bool is_list = name == "search_path" || name == "DateStyle" ||
                         name == "temp_tablespaces" || name == "session_preload_libraries" ||
                         name == "local_preload_libraries";
    return is_list && !value.empty() ? value : sql::quote_literal(value);
  }

  std::string name_, create_;
  std::vector<std::string> after_;
  bool exists_ = false;
};

TargetDatabase overwrite(const ServerAccess& access, const SessionOptions& options) {
  const std::string name = access.database_name();
  refuse_to_drop(name, access.maintenance_name());
  db::Connection maintenance = access.open_maintenance();
  // What would keep the deploy from running must not come to light when the database is gone.
  db::preflight(maintenance, db::Intent::write);
  const DatabaseShape shape(maintenance, name);
  if (!shape.exists()) {
    create(maintenance, name);
    return {access.open(), true};
  }
  if (!options.approve_overwrite || !options.approve_overwrite(name))
    throw Error(ErrorCode::approval, fmt::format("overwriting \"{}\" was not approved", name))
        .leaving("nothing was changed");
  shape.make_anew(maintenance);
  return {access.open(), true};
}

}  // namespace

TargetDatabase open_target_database(const ServerAccess& access, const SessionOptions& options) {
  switch (options.database) {
    case SessionOptions::Database::must_exist:
      break;
    case SessionOptions::Database::create_if_missing:
      return create_if_missing(access);
    case SessionOptions::Database::overwrite:
      return overwrite(access, options);
  }
  return {access.open(), false};
}

}  // namespace pgpm
