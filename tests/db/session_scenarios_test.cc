// What users of session projects rely on, beyond the ordinary run: databases made and made anew,
// preparations that fail, encodings and collations of all kinds.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/session/session_objects.h"
#include "engine/sql/quote.h"
#include "pgpm/session_contract.h"
#include "tests/support/login_role.h"
#include "tests/support/session_case.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

const std::string run_all =
    "DO $$ DECLARE f record; BEGIN FOR f IN SELECT * FROM pgmi_plan_view ORDER BY execution_order "
    "LOOP EXECUTE f.content; END LOOP; END $$;";

/// A database beside the case's own, gone with the object.
class Beside {
 public:
  explicit Beside(SessionCase& project, const std::string& suffix = "_beside")
      : name(project.database.name() + suffix), connection_(project.database.connection()) {}
  ~Beside() { connection_.exec("DROP DATABASE IF EXISTS " + quoted()); }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

  std::string quoted() const { return sql::quote_identifier(name); }
  void create(const std::string& how = {}) {
    connection_.exec("CREATE DATABASE " + quoted() + " TEMPLATE template0 " + how);
  }
  bool exists() {
    return connection_.query("SELECT FROM pg_database WHERE datname = $1", {name}).rows() == 1;
  }
  Target target(const SessionCase& project) const {
    return project.database.target().with_database(name);
  }

  const std::string name;

 private:
  db::Connection& connection_;
};

std::string asked(const Target& target, const std::string& query) {
  return db::Connection::open(target).exec(query).str(0, 0);
}

}  // namespace

// --- Databases made and made anew.

TEST_CASE("overwriting a database that is not there makes it and asks nobody") {
  SessionCase project({{"deploy.sql", "CREATE TABLE t ();"}});
  Beside absent(project);
  project.options.database = SessionOptions::Database::overwrite;
  bool was_asked = false;
  project.options.approve_overwrite = [&](const std::string&) { return was_asked = true; };
  CHECK(project.deploy_to(absent.target(project)).database_created);
  CHECK_FALSE(was_asked);
}

TEST_CASE("a database made anew is what it was, but empty, whoever was connected") {
  SessionCase project({{"deploy.sql", "CREATE TABLE fresh ();"}});
  const LoginRole owner;
  Beside old(project);
  old.create("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
  project.database.exec(fmt::format(
      "ALTER DATABASE {0} OWNER TO {1}; ALTER DATABASE {0} CONNECTION LIMIT 7; ALTER DATABASE {0} "
      "SET work_mem = '5MB'; ALTER DATABASE {0} SET search_path = \"$user\", public, \"a b\"; "
      "ALTER "
      "ROLE {1} IN DATABASE {0} SET lock_timeout = '3s'; COMMENT ON DATABASE {0} IS 'it''s kept'",
      old.quoted(), owner.name()));
  const std::string facts =
      "SELECT concat_ws('|', pg_encoding_to_char(d.encoding), d.datcollate, r.rolname, "
      "d.datconnlimit, shobj_description(d.oid, 'pg_database'), (SELECT "
      "string_agg(s.setrole::regrole"
      " || ' ' || array_to_string(s.setconfig, ';'), ' ' ORDER BY s.setrole) FROM "
      "pg_db_role_setting s WHERE s.setdatabase = d.oid)) FROM pg_database d JOIN pg_roles r ON "
      "r.oid = d.datdba WHERE d.datname = '" +
      old.name + "'";
  const std::string before = project.database.query_text(facts);
  CHECK(before.find("LATIN1|C|" + owner.name() + "|7|it's kept|") == 0);
  db::Connection other = db::Connection::open(old.target(project));
  other.exec("CREATE TABLE gone ()");
  project.options.database = SessionOptions::Database::overwrite;
  const auto refused = project.failure_at(old.target(project));
  REQUIRE(refused);
  CHECK(refused->code() == ErrorCode::approval);
  CHECK(other.exec("SELECT to_regclass('gone')").str(0, 0) == "gone");
  std::string asked_about;
  project.options.approve_overwrite = [&](const std::string& name) {
    asked_about = name;
    return true;
  };
  CHECK(project.deploy_to(old.target(project)).database_created);
  CHECK(asked_about == old.name);
  CHECK_THROWS_AS(other.exec("SELECT 1"), Error);
  CHECK(project.database.query_text(facts) == before);
  CHECK(asked(old.target(project),
              "SELECT to_regclass('gone') IS NULL AND to_regclass('fresh') IS "
              "NOT NULL") == "t");
  project.database.exec("ALTER DATABASE " + old.quoted() + " OWNER TO CURRENT_USER; ALTER ROLE " +
                        owner.name() + " IN DATABASE " + old.quoted() + " RESET ALL");
}

TEST_CASE("a database that may not be dropped is left as it is, and the server's reason is told") {
  SessionCase project({{"deploy.sql", "SELECT 1;"}});
  const LoginRole role;
  Beside old(project);
  old.create();
  project.options.database = SessionOptions::Database::overwrite;
  project.options.approve_overwrite = [](const std::string&) { return true; };
  Target target = old.target(project);
  target.user = role.name();
  const auto error = project.failure_at(target);
  REQUIRE(error);
  CHECK(error->server()->sqlstate == "42501");
  CHECK(old.exists());
}

TEST_CASE("the server's own databases are not overwritten, however they are spelled") {
  SessionCase project({{"deploy.sql", "SELECT 1;"}});
  project.options.database = SessionOptions::Database::overwrite;
  project.options.approve_overwrite = [](const std::string&) { return true; };
  for (const char* name : {"postgres", "Template0", "TEMPLATE1", "POSTGRES"}) {
    const auto error = project.failure_at(project.database.target().with_database(name));
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::configuration);
  }
}

TEST_CASE("a version of the objects that nobody knows keeps the old database") {
  SessionCase project({{"deploy.sql", "SELECT 1;"}});
  Beside old(project);
  old.create();
  project.options.database = SessionOptions::Database::overwrite;
  project.options.approve_overwrite = [](const std::string&) { return true; };
  const std::string oid = "SELECT oid FROM pg_database WHERE datname = '" + old.name + "'";
  const std::string before = project.database.query_text(oid);
  project.options.compat = "2";
  CHECK(project.failure_at(old.target(project))->code() == ErrorCode::configuration);
  CHECK(project.database.query_text(oid) == before);
}

TEST_CASE("who loses the race to create a database is told that another deploys") {
  SessionCase project({{"deploy.sql", "SELECT 1;"}});
  Beside absent(project);
  int connections = 0;
  // The second connection is the one to the maintenance database: somebody else is faster.
  project.options.fresh_login = [&](const Target& target) {
    if (++connections == 2) absent.create();
    return target;
  };
  const auto error = project.failure_at(absent.target(project));
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::lock_held);
}

TEST_CASE("another reason not to create a database is no race") {
  SessionCase project({{"deploy.sql", "SELECT 1;"}});
  const LoginRole role;
  Beside absent(project);
  Target target = absent.target(project);
  target.user = role.name();
  const auto error = project.failure_at(target);
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::sql);
  CHECK(error->server()->sqlstate == "42501");
  CHECK_FALSE(absent.exists());
}

TEST_CASE("names of databases are quoted, whatever is in them") {
  SessionCase project({{"deploy.sql", "CREATE TABLE t AS SELECT current_database() AS name;"}});
  project.database.exec("CREATE TABLE precious ()");
  for (const char* suffix : {" of \"x\"", "'; DROP TABLE precious; --", "\\ \xC3\xA9%s$1"}) {
    Beside odd(project, suffix);
    CHECK(project.deploy_to(odd.target(project)).database_created);
    CHECK(asked(odd.target(project), "SELECT name FROM t") == odd.name);
    project.options.database = SessionOptions::Database::overwrite;
    project.options.approve_overwrite = [](const std::string&) { return true; };
    CHECK(project.deploy_to(odd.target(project)).database_created);
    project.options.database = SessionOptions::Database::create_if_missing;
  }
  CHECK(project.database.query_text("SELECT to_regclass('precious')") == "precious");
}

// --- The lock.

TEST_CASE("a preparation that fails gives its lock back, and one never taken is nobody's to give") {
  SessionCase project({{"deploy.sql", "SELECT 1;"}});
  const LoginRole role;
  project.database.exec(
      "DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', "
      "current_database()); END $$");
  Target target = project.database.target();
  target.user = role.name();
  const auto error = project.failure_at(target);
  REQUIRE(error);
  CHECK(error->server()->sqlstate == "42501");
  const std::string locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'";
  CHECK(project.database.query_text(locks) == "0");
  project.database.exec(
      "SELECT pg_advisory_lock(hashtextextended('pgmi.deploy.' || current_database(), 0))");
  CHECK(project.failure_at(project.database.target())->code() == ErrorCode::lock_held);
  CHECK(project.database.query_text(locks) == "1");
}

// --- Scripts.

TEST_CASE("what the server does not understand is its syntax error, at its place") {
  SessionCase project({{"deploy.sql", ""}, {"__test__/test_a.sql", "SELECT 1;"}});
  auto error = project.failure("SELECT 1;\nSELEC 2;");
  REQUIRE(error);
  CHECK(error->server()->sqlstate == "42601");
  CHECK(error->where()->line == 2);
  CHECK(error->where()->column == 1);
  // Behind a macro, which stands for many lines, the place is still the author's.
  error = project.failure("BEGIN;\nCALL pgmi_test(); CALL pgmi_test();\nSELECT '\xC3\xA9', nope;");
  REQUIRE(error);
  CHECK(error->where()->line == 3);
  CHECK(error->where()->column == 13);
  CHECK(error->source_line() == "SELECT '\xC3\xA9', nope;");
}

TEST_CASE("DEBUG messages are told where they are wanted") {
  SessionCase project({{"deploy.sql", ""}, {"__test__/test_a.sql", "SELECT 1;"}});
  const std::string script = "DO $$ BEGIN RAISE DEBUG 'deep inside'; END $$;\nCALL pgmi_test();";
  project.deploy(script);
  CHECK(project.notices().find("deep inside") == std::string::npos);
  project.options.debug_notices = true;
  project.deploy(script);
  for (const char* said :
       {"deep inside", "[pgmi] Rollback: ./__test__/test_a.sql", "[pgmi] Teardown: ./__test__/"})
    CHECK(project.notices().find(said) != std::string::npos);
}

TEST_CASE("only what asks for it runs files that are not SQL") {
  SessionCase project({{"deploy.sql", run_all},
                       {"001_init.sql", "CREATE TABLE IF NOT EXISTS good ();"},
                       {"001_init.sql~", "CREATE TABLE bad ();"}});
  const auto is_bad_there = [&] {
    return project.database.query_text("SELECT to_regclass('bad') IS NOT NULL") == "t";
  };
  project.deploy();
  CHECK_FALSE(is_bad_there());
  project.options.all_files_in_plan = true;
  project.deploy(
      "DO $$ DECLARE f record; BEGIN FOR f IN SELECT p.* FROM pgmi_plan_view p JOIN "
      "pgmi_source_view s USING (path) WHERE s.is_sql_file ORDER BY execution_order LOOP EXECUTE "
      "f.content; END LOOP; END $$;");
  CHECK_FALSE(is_bad_there());
  project.deploy(run_all);
  CHECK(is_bad_there());
}

TEST_CASE("without a fixture, in a nested directory or in none, the root's end is what stays") {
  const std::string watch =
      "BEGIN; CREATE TABLE IF NOT EXISTS seen (n serial, event text, depth int); TRUNCATE seen; "
      "CREATE OR REPLACE FUNCTION pg_temp.watch(e pg_temp.pgmi_test_event) RETURNS void LANGUAGE "
      "sql AS $f$ INSERT INTO seen (event, depth) VALUES (e.event, e.depth) $f$; "
      "CALL pgmi_test(NULL, 'pg_temp.watch'); COMMIT;";
  for (const auto& files : std::vector<std::vector<std::string>>{
           {"__test__/test_a.sql"},
           {"__test__/_setup.sql", "__test__/test_a.sql"},
           {"__test__/in/_setup.sql", "__test__/in/test_a.sql", "__test__/test_b.sql"}}) {
    SessionCase project({{"deploy.sql", watch}});
    for (const std::string& file : files) project.tree.write(file, "SELECT 1;");
    project.deploy();
    CHECK(project.database.query_text(
              "SELECT string_agg(event || ' ' || depth, ', ' ORDER BY n) FROM seen") ==
          "suite_start 0, teardown_end 0, suite_end 0");
  }
}

// --- What the session holds.

TEST_CASE("a project of migrations only has no tests to plan") {
  SessionCase project({{"deploy.sql", ""}, {"migrations/001.sql", "SELECT 1;"}});
  CHECK(project.seen("SELECT (SELECT count(*) FROM pgmi_source_view) AS a, (SELECT count(*) FROM "
                     "pgmi_plan_view) AS b, (SELECT count(*) FROM pgmi_test_source_view) AS c, "
                     "(SELECT count(*) FROM pgmi_test_directory_view) AS d, (SELECT count(*) FROM "
                     "pg_temp.pgmi_test_plan()) AS e") == "1|1|0|0|0\n");
}

TEST_CASE("steps and events are those of the contract, all of them") {
  SessionCase project({{"deploy.sql", ""},
                       {"__test__/_setup.sql", "SELECT 1;"},
                       {"__test__/test_a.sql", "SELECT 1;"}});
  const auto sorted = [](std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : ",") + word;
    return all + "\n";
  };
  const SessionContract contract = session_contract();
  CHECK(project.seen("SELECT string_agg(DISTINCT step_type, ',' ORDER BY step_type) AS s FROM "
                     "pg_temp.pgmi_test_plan()") == sorted(contract.step_types));
  project.deploy(
      "BEGIN; CREATE TEMPORARY SEQUENCE told; CREATE FUNCTION pg_temp.tell(e "
      "pg_temp.pgmi_test_event) RETURNS void LANGUAGE plpgsql AS $f$ BEGIN RAISE NOTICE '%', "
      "e.event; END $f$; CALL pgmi_test(NULL, 'tell'); COMMIT;");
  std::vector<std::string> events;
  for (const NoticeRaised& notice : project.observer.all<NoticeRaised>())
    if (std::find(events.begin(), events.end(), notice.message.message) == events.end())
      events.push_back(notice.message.message);
  CHECK(sorted(events) == sorted(contract.events));
}

TEST_CASE("the session's objects can be made twice") {
  SessionCase project({{"deploy.sql", ""}, {"a.sql", "SELECT 1;"}, {"__test__/test_a.sql", ""}});
  db::Connection connection = project.database.connect();
  const SessionProject loaded = load_session_project(project.tree.root());
  for (int i = 0; i < 2; ++i)
    load_session_objects(connection, loaded, {{"env", "test"}}, PlanFiles::sql_only);
  CHECK(connection
            .exec("SELECT (SELECT count(*) FROM pgmi_plan_view) + (SELECT count(*) FROM "
                  "pg_temp.pgmi_test_plan())")
            .str(0, 0) == "3");
}

TEST_CASE("contents arrive byte for byte, however big and odd") {
  std::string big;
  while (big.size() < 3000000)
    big += "'it''s' \"q\" \\. \\N \\t\t $$ \xC3\xA9 \xF0\x9F\x90\x98 \r\n\x01\x7F\\\n";
  SessionCase project({{"deploy.sql", ""}, {"a.sql", big}, {"b.sql", "\\."}, {"c.sql", ""}});
  const SessionProject loaded = load_session_project(project.tree.root());
  CHECK(
      project.seen("SELECT path, size_bytes, encode(sha256(convert_to(content, 'UTF8')), 'hex') = "
                   "checksum AS same FROM pgmi_source_view ORDER BY path") ==
      fmt::format("./a.sql|{}|true\n./b.sql|2|true\n./c.sql|0|true\n", big.size()));
}

TEST_CASE("metadata without keys has an empty list of them, and statistics are there") {
  SessionCase project({{"deploy.sql", ""},
                       {"a.sql",
                        "/* <pgmi-meta id='550e8400-e29b-41d4-a716-446655440000' "
                        "idempotent='1'></pgmi-meta> */"}});
  CHECK(project.seen("SELECT sort_keys = '{}' AS empty, description FROM "
                     "pgmi_source_metadata_view") == "true|<null>\n");
  CHECK(project.seen("SELECT string_agg(reltuples::text, ' ') AS n FROM pg_class WHERE "
                     "relnamespace = pg_my_temp_schema() AND relname IN ('_pgmi_source', "
                     "'_pgmi_source_metadata')") == "1 1\n");
}

TEST_CASE("a directory of tests stays below its ancestor across a gap, fixtures by every name") {
  SessionCase project({{"deploy.sql", ""},
                       {"__test__/_SETUP.sql", "SELECT 1;"},
                       {"__test__/a/b/_setup.PSQL", "SELECT 1;"},
                       {"__test__/a/b/test_x.sql", "SELECT 1;"},
                       {"__test__/a/b/_setup_more.sql", "SELECT 1;"}});
  CHECK(project.seen("SELECT * FROM pgmi_test_directory_view ORDER BY path") ==
        "./__test__/|<null>|0\n./__test__/a/b/|./__test__/|2\n");
  CHECK(project.seen("SELECT step_type, script_path FROM pg_temp.pgmi_test_plan()") ==
        "fixture|./__test__/_SETUP.sql\nfixture|./__test__/a/b/_setup.PSQL\n"
        "test|./__test__/a/b/_setup_more.sql\ntest|./__test__/a/b/test_x.sql\n"
        "teardown|<null>\nteardown|<null>\n");
}

// --- Encodings and collations.

TEST_CASE("orders are those of bytes, whatever the database sorts by") {
  SessionCase project({{"deploy.sql", ""},
                       {"b.sql", "SELECT 1;"},
                       {"B.sql", "SELECT 1;"},
                       {"a_1.sql", "SELECT 1;"},
                       {"a-1.sql", "SELECT 1;"},
                       {"__test__/test-b.sql", "SELECT 1;"},
                       {"__test__/test_a.sql", "SELECT 1;"},
                       {"__test__/testc.sql", "SELECT 1;"}});
  const auto say = [](const std::string& query) {
    return "DO $$ BEGIN RAISE NOTICE '%', (" + query + "); END $$;\n";
  };
  project.tree.write(
      "deploy.sql",
      say("SELECT string_agg(path, ' ' ORDER BY execution_order) FROM pgmi_plan_view") +
          say("SELECT string_agg(script_path, ' ' ORDER BY ordinal) FROM "
              "pg_temp.pgmi_test_plan()"));
  const std::string expected =
      "./B.sql ./a-1.sql ./a_1.sql ./b.sql\n"
      "./__test__/test-b.sql ./__test__/test_a.sql ./__test__/testc.sql\n";
  project.deploy();
  CHECK(project.notices() == expected);
  if (project.database.connection().server_version() < 150000) return;
  Beside english(project);
  english.create("LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C' ENCODING 'UTF8'");
  CHECK(asked(english.target(project), "SELECT 'a' < 'B' AND 'b' < 'B'") == "t");
  project.deploy_to(english.target(project));
  CHECK(project.notices() == expected);
}

TEST_CASE("a LATIN1 database takes a project in UTF-8 as far as it has the characters") {
  SessionCase project(
      {{"deploy.sql",
        "CREATE TABLE r AS SELECT content, generic_id, size_bytes FROM pgmi_plan_view "
        "JOIN pgmi_source_view USING (path, content); SELECT '\xC3\xA9';"},
       {"t\xC3\xA9st.sql", "SELECT '\xC3\xA9\xC3\xBC';"}});
  Beside latin(project);
  latin.create("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
  const Target target = latin.target(project);
  project.deploy_to(target);
  CHECK(asked(target, "SELECT content FROM r") == "SELECT '\xC3\xA9\xC3\xBC';");
  CHECK(asked(target, "SELECT size_bytes FROM r") == "12");
  CHECK(asked(target, "SELECT generic_id FROM r") ==
        session_plan(load_session_project(project.tree.root()), PlanFiles::sql_only).at(0).id);

  project.tree.write("a/price.sql", "SELECT 1;\nSELECT 'x \xE2\x82\xAC';");
  auto error = project.failure_at(target);
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::configuration);
  CHECK(error->what() ==
        std::string("the database's encoding LATIN1 does not have the character \xE2\x82\xAC"));
  CHECK(error->where()->to_string().ends_with("a/price.sql:2:11"));
  CHECK(error->source_line() == "SELECT 'x \xE2\x82\xAC';");
  project.tree.remove("a/price.sql");
  project.tree.write("__test__/test_\xE2\x82\xAC.sql", "SELECT 1;");
  error = project.failure_at(target);
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::configuration);
  CHECK(error->where()->to_string().ends_with("__test__/test_\xE2\x82\xAC.sql"));
  project.tree.remove("__test__/test_\xE2\x82\xAC.sql");
  project.tree.write("deploy.sql", "SELECT 1;\nSELECT '\xE2\x82\xAC';");
  error = project.failure_at(target);
  REQUIRE(error);
  CHECK(error->where()->to_string().ends_with("deploy.sql:2:9"));
}

TEST_CASE("a database without an encoding takes bytes as they are") {
  SessionCase project({{"deploy.sql", ""}, {"t\xC3\xA9st.sql", "SELECT '\xE2\x82\xAC';"}});
  Beside bytes(project);
  bytes.create("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'");
  const Target target = bytes.target(project);
  project.tree.write("deploy.sql",
                     "CREATE TABLE r AS SELECT content, generic_id, size_bytes FROM pgmi_plan_view "
                     "JOIN pgmi_source_view USING (path, content);");
  project.deploy_to(target);
  CHECK(asked(target, "SELECT content FROM r") == "SELECT '\xE2\x82\xAC';");
  CHECK(asked(target, "SELECT size_bytes FROM r") == "13");
  CHECK(asked(target, "SELECT generic_id FROM r") ==
        session_plan(load_session_project(project.tree.root()), PlanFiles::sql_only).at(0).id);
  // It counts bytes where others count characters.
  project.tree.write("deploy.sql", "SELECT '\xE2\x82\xAC', nope;");
  const auto error = project.failure_at(target);
  REQUIRE(error);
  CHECK(error->where()->line == 1);
  CHECK(error->where()->column == 13);
}
