// Security labels, tablespaces, roles: kinds that a plain server makes hard to come by, or that are
// not of the database. A label needs a
// provider, which is a library the server loads; a superuser can write the row that SECURITY LABEL
// would. A tablespace needs a directory of the server's.
#include <fmt/format.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "engine/catalog/snapshot.h"
#include "engine/sql/quote.h"
#include "tests/db/catalog_case.h"
#include "tests/support/test_database.h"

namespace pgpm::tests {
namespace {

std::string add_label(const std::string& object, const std::string& label) {
  return fmt::format(
      "INSERT INTO pg_seclabel SELECT objid, classid, objsubid, 'guard', '{}'"
      " FROM pg_get_object_address({})",
      label, object);
}

/// A tablespace of this process, with a directory that the server itself makes.
class Tablespace {
 public:
  Tablespace() : name_(fmt::format("pgpm_test_space_{}", getpid())) {
    const std::string dir = database_.query_text("SHOW data_directory") + "/../" + name_;
    database_.exec(fmt::format("COPY (SELECT 1) TO PROGRAM {}",
                               sql::quote_literal("cat >/dev/null; mkdir -p '" + dir + "'")));
    location_ = dir;
  }
  ~Tablespace() {
    database_.exec(fmt::format("DROP TABLESPACE IF EXISTS {}", name_));
    database_.exec(fmt::format("COPY (SELECT 1) TO PROGRAM {}",
                               sql::quote_literal("cat >/dev/null; rm -r '" + location_ + "'")));
  }
  Tablespace(const Tablespace&) = delete;
  Tablespace& operator=(const Tablespace&) = delete;

  const std::string& name() const { return name_; }
  std::string create() const {
    return fmt::format("CREATE TABLESPACE {} LOCATION {}", name_, sql::quote_literal(location_));
  }

 private:
  TestDatabase database_;
  std::string name_, location_;
};

}  // namespace

TEST_CASE("catalog: security labels") {
  check_case({"security label",
              "guard on table app.t",
              "CREATE SCHEMA app; CREATE TABLE app.t (id int)",
              add_label("'table', '{app,t}', '{}'", "secret"),
              {{"UPDATE pg_seclabel SET label = 'public'", "label"}},
              "DELETE FROM pg_seclabel"});
  check_case({"security label",
              "guard on table column app.t.id",
              "CREATE SCHEMA app; CREATE TABLE app.t (id int)",
              add_label("'table column', '{app,t,id}', '{}'", "secret"),
              {{"UPDATE pg_seclabel SET label = 'public'", "label"}},
              "DELETE FROM pg_seclabel"});
  check_case(
      {"security label",
       "guard on function app.f(integer)",
       "CREATE SCHEMA app; CREATE FUNCTION app.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
       add_label("'function', '{app,f}', '{integer}'", "secret"),
       {},
       "DELETE FROM pg_seclabel"});
}

TEST_CASE("catalog: the security label of the database") {
  TestDatabase database;
  const CatalogSnapshot before = catalog::take_snapshot(database.connection());
  const std::string whose = fmt::format("(SELECT oid FROM pg_database WHERE datname = {})",
                                        sql::quote_literal(database.name()));
  database.exec("INSERT INTO pg_shseclabel SELECT " + whose +
                ", 'pg_database'::regclass, 'guard', 'secret'");
  const CatalogSnapshot labelled = catalog::take_snapshot(database.connection());
  CHECK(headlines(difference(before, labelled)) ==
        std::vector<std::string>{"+ security label guard on the database"});
  database.exec("DELETE FROM pg_shseclabel WHERE objoid = " + whose);
  CHECK(described(difference(before, catalog::take_snapshot(database.connection()))) == "");
}

TEST_CASE("catalog: tablespaces") {
  const Tablespace space;
  const std::string& name = space.name();
  check_case({"tablespace",
              name,
              "",
              space.create(),
              {{fmt::format("ALTER TABLESPACE {} SET (random_page_cost = 2)", name), "options"},
               {fmt::format("GRANT CREATE ON TABLESPACE {} TO PUBLIC", name), "grants"},
               {fmt::format("COMMENT ON TABLESPACE {} IS 'x'", name), "comment"},
               {fmt::format("ALTER TABLESPACE {} OWNER TO pg_monitor", name), "owner, grants"}},
              fmt::format("DROP TABLESPACE {}", name),
              0,
              {},
              ClusterObjects::include});
}

TEST_CASE("catalog: what lies in which tablespace") {
  const Tablespace space;
  TestDatabase database;
  database.exec(space.create());
  for (const char* const kind : {"TABLE", "MATERIALIZED VIEW", "INDEX"}) {
    const bool is_index = std::string_view(kind) == "INDEX";
    database.exec("CREATE TABLE base (id int)");
    database.exec(is_index ? "CREATE INDEX o ON base (id)"
                           : fmt::format("CREATE {} o AS SELECT id FROM base", kind));
    const CatalogSnapshot before = catalog::take_snapshot(database.connection());
    database.exec(fmt::format("ALTER {} o SET TABLESPACE {}", kind, space.name()));
    const auto moved = difference(before, catalog::take_snapshot(database.connection()));
    INFO(described(moved));
    REQUIRE(moved.size() == 1);
    CHECK(moved[0].identity == "public.o");
    CHECK(moved[0].facts == std::vector{FactDifference{"tablespace", std::nullopt, space.name()}});
    database.exec(fmt::format("ALTER {} o SET TABLESPACE pg_default", kind));
    CHECK(catalog::take_snapshot(database.connection()).digest == before.digest);
    database.exec(fmt::format("DROP {} o; DROP TABLE base", kind));
  }
}

TEST_CASE("catalog: each attribute of a role") {
  const std::string role = fmt::format("pgpm_test_attributes_{}", getpid());
  const auto alter = [&](const char* what) { return fmt::format("ALTER ROLE {} {}", role, what); };
  check_case({"role",
              role,
              "",
              fmt::format("CREATE ROLE {}", role),
              {{alter("LOGIN"), "login"},
               {alter("CREATEDB"), "create database"},
               {alter("CREATEROLE"), "create role"},
               {alter("REPLICATION"), "replication"},
               {alter("BYPASSRLS"), "bypass row security"},
               {alter("SUPERUSER"), "superuser"},
               {alter("NOINHERIT"), "inherit"},
               {alter("CONNECTION LIMIT 3"), "connection limit"},
               {alter("VALID UNTIL '2030-01-01'"), "valid until"},
               {alter("SET work_mem = '1MB'"), "settings"},
               {fmt::format("COMMENT ON ROLE {} IS 'x'", role), "comment"}},
              fmt::format("DROP ROLE {}", role),
              0,
              {},
              ClusterObjects::include});
}

TEST_CASE("catalog: each option of a membership") {
  const std::string role = fmt::format("pgpm_test_member_{}", getpid());
  TestDatabase database;
  const std::string by = database.query_text("SELECT quote_ident(current_user)");
  database.exec(fmt::format("CREATE ROLE {}", role));
  check_case({"membership",
              fmt::format("{} in pg_monitor by {}", role, by),
              "",
              fmt::format("GRANT pg_monitor TO {}", role),
              {{fmt::format("GRANT pg_monitor TO {} WITH ADMIN OPTION", role), "admin option"},
               {fmt::format("GRANT pg_monitor TO {} WITH INHERIT FALSE", role), "inherit", 16},
               {fmt::format("GRANT pg_monitor TO {} WITH SET FALSE", role), "set", 16}},
              fmt::format("REVOKE pg_monitor FROM {}", role),
              0,
              {},
              ClusterObjects::include});
  database.exec(fmt::format("DROP ROLE {}", role));
}

}  // namespace pgpm::tests
