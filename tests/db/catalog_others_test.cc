// Text search, foreign data, replication, extensions, privileges, settings, large objects: what is
// neither a relation nor a routine.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/catalog/snapshot.h"
#include "tests/db/catalog_case.h"
#include "tests/support/test_database.h"

namespace pgpm::tests {

TEST_CASE("catalog: text search") {
  check_case({"text search configuration",
              "app.cfg",
              "CREATE SCHEMA app",
              "CREATE TEXT SEARCH CONFIGURATION app.cfg (COPY = simple)",
              {{"ALTER TEXT SEARCH CONFIGURATION app.cfg ALTER MAPPING FOR word WITH english_stem, "
                "simple",
                "mappings"},
               {"ALTER TEXT SEARCH CONFIGURATION app.cfg DROP MAPPING FOR url", "mappings"},
               {"COMMENT ON TEXT SEARCH CONFIGURATION app.cfg IS 'x'", "comment"},
               {"ALTER TEXT SEARCH CONFIGURATION app.cfg OWNER TO pg_monitor", "owner"}},
              "DROP TEXT SEARCH CONFIGURATION app.cfg"});
  check_case({"text search dictionary",
              "app.dict",
              "CREATE SCHEMA app",
              "CREATE TEXT SEARCH DICTIONARY app.dict (TEMPLATE = simple)",
              {{"ALTER TEXT SEARCH DICTIONARY app.dict (accept = false)", "options"},
               {"COMMENT ON TEXT SEARCH DICTIONARY app.dict IS 'x'", "comment"}},
              "DROP TEXT SEARCH DICTIONARY app.dict"});
  check_case({"text search parser",
              "app.par",
              "CREATE SCHEMA app",
              "CREATE TEXT SEARCH PARSER app.par (START = prsd_start, GETTOKEN = prsd_nexttoken, "
              "END = prsd_end, LEXTYPES = prsd_lextype)",
              {{"COMMENT ON TEXT SEARCH PARSER app.par IS 'x'", "comment"}},
              "DROP TEXT SEARCH PARSER app.par"});
  check_case({"text search template",
              "app.tmpl",
              "CREATE SCHEMA app",
              "CREATE TEXT SEARCH TEMPLATE app.tmpl (INIT = dsimple_init, LEXIZE = dsimple_lexize)",
              {{"COMMENT ON TEXT SEARCH TEMPLATE app.tmpl IS 'x'", "comment"}},
              "DROP TEXT SEARCH TEMPLATE app.tmpl"});
}

TEST_CASE("catalog: foreign data") {
  check_case({"foreign data wrapper",
              "w",
              "",
              "CREATE FOREIGN DATA WRAPPER w",
              {{"ALTER FOREIGN DATA WRAPPER w OPTIONS (ADD debug 'on')", "options"},
               {"GRANT USAGE ON FOREIGN DATA WRAPPER w TO pg_monitor", "grants"},
               {"COMMENT ON FOREIGN DATA WRAPPER w IS 'x'", "comment"}},
              "DROP FOREIGN DATA WRAPPER w"});
  const char* const wrapper = "CREATE FOREIGN DATA WRAPPER w";
  check_case({"server",
              "s",
              wrapper,
              "CREATE SERVER s TYPE 'x' FOREIGN DATA WRAPPER w",
              {{"ALTER SERVER s VERSION '2'", "version"},
               {"ALTER SERVER s OPTIONS (ADD host 'h')", "options"},
               {"ALTER SERVER s OPTIONS (SET host 'i')", "options"},
               {"GRANT USAGE ON FOREIGN SERVER s TO pg_monitor", "grants"},
               {"COMMENT ON SERVER s IS 'x'", "comment"}},
              "DROP SERVER s"});
  const char* const server =
      "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w";
  check_case({"user mapping",
              "pg_monitor on server s",
              server,
              "CREATE USER MAPPING FOR pg_monitor SERVER s OPTIONS (\"user\" 'bob')",
              {{"ALTER USER MAPPING FOR pg_monitor SERVER s OPTIONS (ADD password 'hush')",
                "option names"}},
              "DROP USER MAPPING FOR pg_monitor SERVER s"});
  check_case({"foreign table",
              "public.ft",
              server,
              "CREATE FOREIGN TABLE ft (id int) SERVER s",
              {{"ALTER FOREIGN TABLE ft OPTIONS (ADD path 'x')", "foreign options"},
               {"COMMENT ON FOREIGN TABLE ft IS 'x'", "comment"}},
              "DROP FOREIGN TABLE ft"});
  check_case({"column",
              "public.ft.c",
              std::string(server) + "; CREATE FOREIGN TABLE ft (id int) SERVER s",
              "ALTER FOREIGN TABLE ft ADD c int",
              {{"ALTER FOREIGN TABLE ft ALTER c OPTIONS (ADD name 'x')", "foreign options"}},
              "ALTER FOREIGN TABLE ft DROP c"});
}

TEST_CASE("catalog: publications and subscriptions") {
  const char* const tables = "CREATE TABLE t (id int, name text); CREATE TABLE u (id int)";
  check_case({"publication",
              "p",
              tables,
              "CREATE PUBLICATION p FOR TABLE t",
              {{"ALTER PUBLICATION p ADD TABLE u", "tables"},
               {"ALTER PUBLICATION p SET TABLE t (id) WHERE (id > 0)", "tables", 15},
               {"ALTER PUBLICATION p SET (publish = 'insert')", "publishes"},
               {"ALTER PUBLICATION p SET (publish_via_partition_root)", "via root", 13},
               {"COMMENT ON PUBLICATION p IS 'x'", "comment"}},
              "DROP PUBLICATION p"});
  check_case({"publication",
              "p",
              tables,
              "CREATE PUBLICATION p",
              {{"ALTER PUBLICATION p ADD TABLES IN SCHEMA public", "schemas"}},
              "DROP PUBLICATION p",
              15});
  check_case(
      {"subscription",
       "pgpm_test_sub",
       "",
       "CREATE SUBSCRIPTION pgpm_test_sub CONNECTION 'host=nowhere password=hush' PUBLICATION "
       "p WITH (connect = false, slot_name = NONE)",
       {{"ALTER SUBSCRIPTION pgpm_test_sub SET PUBLICATION q WITH (refresh = false)",
         "publications"},
        {"ALTER SUBSCRIPTION pgpm_test_sub SET (synchronous_commit = on)", "synchronous commit"},
        {"COMMENT ON SUBSCRIPTION pgpm_test_sub IS 'x'", "comment"}},
       "DROP SUBSCRIPTION pgpm_test_sub"});
}

TEST_CASE("catalog: default privileges, settings, large objects") {
  check_case(
      {"default privileges",
       "of pg_monitor in schema app on tables",
       "CREATE SCHEMA app",
       "ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor IN SCHEMA app GRANT SELECT ON TABLES TO "
       "PUBLIC",
       {{"ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor IN SCHEMA app GRANT INSERT ON TABLES "
         "TO PUBLIC",
         "grants"}},
       "ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor IN SCHEMA app REVOKE ALL ON TABLES FROM "
       "PUBLIC"});
  check_case(
      {"default privileges",
       "of pg_monitor on functions",
       "",
       "ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
       {},
       "ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor GRANT EXECUTE ON FUNCTIONS TO PUBLIC"});
  check_case({"large objects",
              "of pg_monitor",
              "",
              "DO $$ DECLARE o oid := lo_create(0); BEGIN EXECUTE format('ALTER LARGE OBJECT %s "
              "OWNER TO pg_monitor', o); END $$",
              {{"DO $$ DECLARE o oid := lo_create(0); BEGIN EXECUTE format('ALTER LARGE OBJECT %s "
                "OWNER TO pg_monitor', o); END $$",
                "count"}},
              "SELECT lo_unlink(oid) FROM pg_largeobject_metadata"});
}

TEST_CASE("catalog: the database itself") {
  TestDatabase database;
  const CatalogSnapshot before = catalog::take_snapshot(database.connection());
  database.exec(
      fmt::format("ALTER DATABASE {0} SET search_path = a, b; COMMENT ON DATABASE {0} IS 'x';"
                  "GRANT CREATE ON DATABASE {0} TO PUBLIC; ALTER DATABASE {0} CONNECTION LIMIT 7",
                  database.name()));
  const auto changes = difference(before, catalog::take_snapshot(database.connection()));
  REQUIRE(headlines(changes) == std::vector<std::string>{"~ database as a whole"});
  const FactDifference settings{"settings", std::nullopt, "search_path=a, b"};
  CHECK(std::ranges::find(changes[0].facts, settings) != changes[0].facts.end());
  CHECK(changes[0].facts.size() == 4);
}

TEST_CASE("catalog: what is granted on the server's own objects") {
  check_case({"grants on",
              "function pg_catalog.pg_backend_pid()",
              "",
              "REVOKE EXECUTE ON FUNCTION pg_backend_pid() FROM PUBLIC",
              {{"GRANT EXECUTE ON FUNCTION pg_backend_pid() TO pg_monitor", "grants"}},
              "REVOKE EXECUTE ON FUNCTION pg_backend_pid() FROM pg_monitor;"
              "GRANT EXECUTE ON FUNCTION pg_backend_pid() TO PUBLIC"});
}

TEST_CASE("catalog: roles and memberships are listed when asked for") {
  TestDatabase database;
  const std::string role = fmt::format("pgpm_test_role_{}", getpid());
  const SnapshotOptions cluster{ClusterObjects::include, {}};
  const CatalogSnapshot without = catalog::take_snapshot(database.connection());
  const CatalogSnapshot before = catalog::take_snapshot(database.connection(), cluster);
  database.exec(fmt::format("CREATE ROLE {0}; GRANT {0} TO CURRENT_USER", role));
  const CatalogSnapshot after = catalog::take_snapshot(database.connection(), cluster);
  CHECK(catalog::take_snapshot(database.connection()).digest == without.digest);
  database.exec(fmt::format("ALTER ROLE {0} LOGIN; ALTER ROLE {0} SET work_mem = '1MB'", role));
  const CatalogSnapshot altered = catalog::take_snapshot(database.connection(), cluster);
  database.exec(fmt::format("DROP ROLE {}", role));
  const std::string user = database.connection().user();
  CHECK(headlines(difference(before, after)) ==
        std::vector<std::string>{fmt::format("+ membership {1} in {0} by {1}", role, user),
                                 "+ role " + role});
  CHECK(described(difference(after, altered)) ==
        fmt::format("role {}: login: (none) -> true; settings: (none) -> work_mem=1MB\n", role));
  CHECK(catalog::take_snapshot(database.connection(), cluster).digest == before.digest);
}

TEST_CASE("catalog: settings of a role in this database, rights on server parameters") {
  TestDatabase database;
  const std::string role = fmt::format("pgpm_test_setting_{}", getpid());
  database.exec(fmt::format("CREATE ROLE {}", role));
  const SnapshotOptions cluster{ClusterObjects::include, {}};
  const CatalogSnapshot before = catalog::take_snapshot(database.connection(), cluster);
  database.exec(
      fmt::format("ALTER ROLE {} IN DATABASE {} SET work_mem = '1MB'", role, database.name()));
  const CatalogSnapshot set = catalog::take_snapshot(database.connection(), cluster);
  const bool knows_parameters = database.connection().server_version() >= 150000;
  if (knows_parameters)
    database.exec(fmt::format("GRANT SET ON PARAMETER log_lock_waits TO {}", role));
  const CatalogSnapshot granted = catalog::take_snapshot(database.connection(), cluster);
  database.exec(fmt::format("DROP OWNED BY {0}; DROP ROLE {0}", role));
  CHECK(headlines(difference(before, set)) ==
        std::vector{fmt::format("+ role settings of {} in this database", role)});
  if (knows_parameters)
    CHECK(headlines(difference(set, granted)) ==
          std::vector<std::string>{"+ parameter log_lock_waits"});
}

}  // namespace pgpm::tests
