#include "engine/migrate/settle.h"

#include <fmt/format.h>

#include <optional>

#include "engine/sql/footprint.h"
#include "engine/sql/quote.h"

namespace pgpm {

namespace {

using Kind = sql::Footprint::Kind;

/// The catalog row is younger than the change's intent row ($1, $2).
constexpr const char* is_ours =
    "pg_catalog.age(c.xmin) < (SELECT pg_catalog.age(j.xmin) FROM pgpm_migrate.intents AS j"
    " WHERE j.package = $1 AND j.change_name = $2)";

/// Who builds an index concurrently holds this lock on its table; so does autovacuum, which is no
/// reason to leave an index alone whose name we know.
constexpr const char* nobody_builds =
    "NOT EXISTS (SELECT FROM pg_catalog.pg_locks AS l WHERE l.relation = i.indrelid"
    " AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid())";

class Settlement {
 public:
  Settlement(db::Connection& connection, const sql::Footprint& left, Ending ending,
             const std::string& package, const std::string& change)
      : connection_(connection), left_(left), ending_(ending), package_(package), change_(change) {}

  Fate settle() {
    switch (left_.kind) {
      case Kind::none:
        return Fate::to_run;
      case Kind::builds_index:
        return settle_index();
      case Kind::rebuilds_index:
        drop_copies();
        return Fate::to_run;
      case Kind::detaches_partition:
        return settle_detachment();
      default:
        break;
    }
    return ending_ == Ending::cut_off && looks_done() ? Fate::done : Fate::to_run;
  }

 private:
  Fate settle_index() {
    const std::size_t dot = left_.name.rfind('.');
    const std::string name =
        sql::catalog_name(dot == std::string::npos ? left_.name : left_.name.substr(dot + 1));
    const db::Result found = connection_.query(
        fmt::format("SELECT i.indisvalid, n.nspname, c.relname FROM pg_catalog.pg_index AS i"
                    " JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid"
                    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
                    " WHERE i.indrelid = pg_catalog.to_regclass($3) AND {}"
                    " AND (c.relname = $4 OR $4 = '' AND {}) ORDER BY i.indisvalid",
                    is_ours, nobody_builds),
        {package_, change_, left_.table, name});
    bool complete = false;
    for (std::size_t row = 0; row < found.rows(); ++row) {
      if (found.boolean(row, 0))
        complete = true;
      else
        drop_index(found.str(row, 1), found.str(row, 2));
    }
    return complete ? Fate::done : Fate::to_run;
  }

  /// REINDEX builds beside what is there, name_ccnew, and swaps: name_ccold.
  void drop_copies() {
    const db::Result found = connection_.query(
        fmt::format("SELECT n.nspname, c.relname FROM pg_catalog.pg_index AS i"
                    " JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid"
                    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
                    " WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'"
                    " AND n.nspname <> 'pg_toast' AND {} AND {}",
                    is_ours, nobody_builds),
        {package_, change_});
    for (std::size_t row = 0; row < found.rows(); ++row)
      drop_index(found.str(row, 0), found.str(row, 1));
  }

  void drop_index(const std::string& schema, const std::string& name) {
    connection_.exec(fmt::format("DROP INDEX CONCURRENTLY {}.{}", sql::quote_identifier(schema),
                                 sql::quote_identifier(name)));
  }

  /// Cut off between its two transactions it is pending, and can only be brought to its end.
  Fate settle_detachment() {
    if (connection_.server_version() < 140000) return Fate::to_run;
    const db::Result found = connection_.query(
        "SELECT i.inhdetachpending FROM pg_catalog.pg_inherits AS i"
        " WHERE i.inhparent = pg_catalog.to_regclass($1) AND i.inhrelid = "
        "pg_catalog.to_regclass($2)",
        {left_.table, left_.name});
    if (found.rows() == 0) return settle_missing_partition();
    if (!found.boolean(0, 0)) return Fate::to_run;
    connection_.exec(
        fmt::format("ALTER TABLE {} DETACH PARTITION {} FINALIZE", left_.table, left_.name));
    return Fate::done;
  }

  Fate settle_missing_partition() {
    const bool both = exists(
        "SELECT pg_catalog.to_regclass($1) IS NOT NULL"
        " AND pg_catalog.to_regclass($2) IS NOT NULL",
        {left_.table, left_.name});
    return ending_ == Ending::cut_off && both ? Fate::done : Fate::to_run;
  }

  bool looks_done() {
    switch (left_.kind) {
      case Kind::drops_index:
        return exists("SELECT pg_catalog.to_regclass($1) IS NULL", {left_.name});
      case Kind::adds_enum_value:
        return exists(fmt::format("SELECT true FROM pg_catalog.pg_enum WHERE enumtypid ="
                                  " pg_catalog.to_regtype($1) AND enumlabel = {}",
                                  left_.label),
                      {left_.name});
      case Kind::creates_database:
        return is_listed("pg_database", "datname");
      case Kind::drops_database:
        return !is_listed("pg_database", "datname");
      case Kind::creates_tablespace:
        return is_listed("pg_tablespace", "spcname");
      case Kind::drops_tablespace:
        return !is_listed("pg_tablespace", "spcname");
      case Kind::creates_subscription:
        return is_listed("pg_subscription", "subname");
      case Kind::drops_subscription:
        return !is_listed("pg_subscription", "subname");
      default:
        return false;
    }
  }

  bool is_listed(const char* catalog, const char* column) {
    return exists(fmt::format("SELECT true FROM pg_catalog.{} WHERE {} = $1", catalog, column),
                  {sql::catalog_name(left_.name)});
  }

  bool exists(const std::string& query, const std::vector<db::Param>& params) {
    const db::Result found = connection_.query(query, params);
    return found.rows() > 0 && found.boolean(0, 0);
  }

  db::Connection& connection_;
  const sql::Footprint& left_;
  Ending ending_;
  const std::string& package_;
  const std::string& change_;
};

}  // namespace

Fate settle(db::Connection& connection, std::string_view statement, Ending ending,
            const std::string& package, const std::string& change) {
  const sql::Footprint left = sql::footprint(statement);
  return Settlement(connection, left, ending, package, change).settle();
}

}  // namespace pgpm
