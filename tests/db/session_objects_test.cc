// What a session project finds in its session: tables, views, functions, their contract.
#include <catch2/catch.hpp>

#include "pgpm/session_contract.h"
#include "tests/support/session_case.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

const std::initializer_list<TempWorkspace::File> foundation{
    {"deploy.sql", ""},
    {"migrations/001_a.sql", "SELECT 1;\n"},
    {"migrations/deep/002_b.ddl", "SELECT 2;"},
    {"README.md", "# \\read\tme"},
    {"__test__/_setup.sql", "SELECT 'setup';"},
    {"__test__/test_root.sql", "SELECT 'root';"},
    {"__test__/auth/_setup.sql", "SELECT 'auth';"},
    {"__test__/auth/test_login.sql", "SELECT 'login';"},
    {"__test__/auth/oauth/test_google.sql", "SELECT 'google';"},
    {"__test__/billing/test_stripe.sql", "SELECT 'stripe';"}};

std::string columns_of(SessionCase& project, const std::string& view) {
  return project.seen(
      "SELECT string_agg(attname || ' ' || format_type(atttypid, -1), ', ' ORDER BY attnum) AS c "
      "FROM pg_attribute WHERE attrelid = 'pg_temp." +
      view + "'::regclass AND attnum > 0");
}

}  // namespace

TEST_CASE("the columns of the public views are the contract's") {
  SessionCase project({{"deploy.sql", ""}});
  CHECK(columns_of(project, "pgmi_source_view") ==
        "path text, name text, directory text, extension text, depth integer, content text, "
        "size_bytes bigint, checksum text, pgmi_checksum text, path_parts text[], is_sql_file "
        "boolean, is_test_file boolean, parent_folder_name text\n");
  CHECK(columns_of(project, "pgmi_parameter_view") ==
        "key text, value text, type text, required boolean, default_value text, description "
        "text\n");
  CHECK(columns_of(project, "pgmi_test_source_view") ==
        "path text, directory text, filename text, content text, is_fixture boolean\n");
  CHECK(columns_of(project, "pgmi_test_directory_view") ==
        "path text, parent_path text, depth integer\n");
  CHECK(columns_of(project, "pgmi_source_metadata_view") ==
        "path text, id uuid, idempotent boolean, sort_keys text[], description text\n");
  CHECK(columns_of(project, "pgmi_plan_view") ==
        "path text, content text, checksum text, generic_id uuid, id uuid, idempotent boolean, "
        "description text, sort_key text, execution_order bigint\n");
  CHECK(columns_of(project, "pgmi_test_event") ==
        "event text, path text, directory text, depth integer, ordinal integer, context jsonb\n");
}

TEST_CASE("the functions' signatures are the contract's") {
  SessionCase project({{"deploy.sql", ""}});
  CHECK(project.seen("SELECT proname || '(' || pg_get_function_arguments(oid) || ') ' || "
                     "pg_get_function_result(oid) AS f FROM pg_proc WHERE pronamespace = "
                     "pg_my_temp_schema() AND proname IN ('pgmi_test_plan', 'pgmi_test_generate', "
                     "'pgmi_is_sql_file', 'pgmi_persist_test_plan', 'pgmi_test_callback') "
                     "ORDER BY proname::text COLLATE \"C\"") ==
        "pgmi_is_sql_file(filename text) boolean\n"
        "pgmi_persist_test_plan(target_schema text, pattern text DEFAULT NULL::text) void\n"
        "pgmi_test_callback(e pgmi_test_event) void\n"
        "pgmi_test_generate(pattern text DEFAULT NULL::text, callback text DEFAULT "
        "'pg_temp.pgmi_test_callback'::text) text\n"
        "pgmi_test_plan(pattern text DEFAULT NULL::text) TABLE(ordinal integer, step_type text, "
        "script_path text, directory text, depth integer)\n");
}

TEST_CASE("what `pgpm contract` says is what a session has") {
  SessionCase project({{"deploy.sql", ""}});
  const SessionContract contract = session_contract();
  const std::string prefix = "pg_temp.";
  std::vector<SessionContract::View> relations = contract.views;
  REQUIRE(contract.event_type.name.starts_with(prefix));
  relations.push_back(
      {contract.event_type.name.substr(prefix.size()), contract.event_type.columns});
  CHECK(relations.size() == 7);
  for (const SessionContract::View& view : relations) {
    INFO(view.name);
    std::string columns;
    for (const auto& [name, type] : view.columns)
      columns += (columns.empty() ? "" : ", ") + name + " " + type;
    CHECK(columns_of(project, view.name) == columns + "\n");
  }
  CHECK(contract.functions.size() == 4);
  for (const SessionContract::Function& function : contract.functions) {
    INFO(function.name);
    REQUIRE(function.name.starts_with(prefix));
    CHECK(project.seen("SELECT pg_get_function_arguments(oid) || ' -> ' || "
                       "pg_get_function_result(oid) AS f FROM pg_proc WHERE pronamespace = "
                       "pg_my_temp_schema() AND proname = '" +
                       function.name.substr(prefix.size()) + "'") ==
          function.arguments + " -> " + function.result + "\n");
  }
}

TEST_CASE("files, tests and directories are rows") {
  SessionCase project(foundation);
  CHECK(project.seen("SELECT path, name, directory, extension, depth, content, size_bytes, "
                     "path_parts, is_sql_file, is_test_file, parent_folder_name FROM "
                     "pgmi_source_view ORDER BY path COLLATE \"C\"") ==
        "./README.md|README.md|./|.md|0|# \\read\tme|10|[\".\",\"README.md\"]|false|false|<null>\n"
        "./migrations/001_a.sql|001_a.sql|./migrations/|.sql|1|SELECT 1;\n|10|[\".\","
        "\"migrations\",\"001_a.sql\"]|true|false|migrations\n"
        "./migrations/deep/002_b.ddl|002_b.ddl|./migrations/deep/|.ddl|2|SELECT 2;|9|[\".\","
        "\"migrations\",\"deep\",\"002_b.ddl\"]|true|false|deep\n");
  CHECK(project.seen("SELECT count(*), count(*) FILTER (WHERE is_fixture) AS f, "
                     "count(DISTINCT directory) AS d FROM pgmi_test_source_view") == "6|2|4\n");
  CHECK(project.seen("SELECT * FROM pgmi_test_directory_view ORDER BY path COLLATE \"C\"") ==
        "./__test__/|<null>|0\n./__test__/auth/|./__test__/|1\n"
        "./__test__/auth/oauth/|./__test__/auth/|2\n./__test__/billing/|./__test__/|1\n");
}

TEST_CASE("many files, read side by side and sent in pieces, are all there") {
  SessionCase project({{"deploy.sql", ""}});
  constexpr std::size_t files = 300, bytes = 1000;
  for (std::size_t i = 0; i < files; ++i) {
    const std::string number = std::to_string(i);
    project.tree.write("files/" + number + ".sql",
                       number + std::string(bytes - number.size(), 'x'));
  }
  CHECK(project.seen("SELECT count(*) AS n, sum(size_bytes) AS s, bool_and(content LIKE "
                     "replace(name, '.sql', 'x%') AND checksum = encode(sha256(convert_to(content, "
                     "'UTF8')), 'hex')) AS own FROM pgmi_source_view") == "300|300000|true\n");
}

TEST_CASE("checksums of the views are those of the files") {
  SessionCase project({{"deploy.sql", ""}, {"a.sql", "-- Comment\nSELECT * FROM users;"}});
  CHECK(project.seen("SELECT s.checksum, s.pgmi_checksum, p.checksum = s.pgmi_checksum AS same "
                     "FROM pgmi_source_view s JOIN pgmi_plan_view p USING (path)") ==
        "439dc674a27b169ae8ccbf89c825a4689b1faf94d5d21a95b77e77365dc9effe|"
        "770ec17e2277e313a56c78ecab71d0ee460922cac72efddf9869ca4194276572|true\n");
}

TEST_CASE("the test plan is depth first, with a teardown for each directory") {
  SessionCase project(foundation);
  CHECK(project.seen("SELECT * FROM pg_temp.pgmi_test_plan()") ==
        "1|fixture|./__test__/_setup.sql|./__test__/|0\n"
        "2|test|./__test__/test_root.sql|./__test__/|0\n"
        "3|fixture|./__test__/auth/_setup.sql|./__test__/auth/|1\n"
        "4|test|./__test__/auth/test_login.sql|./__test__/auth/|1\n"
        "5|test|./__test__/auth/oauth/test_google.sql|./__test__/auth/oauth/|2\n"
        "6|teardown|<null>|./__test__/auth/oauth/|2\n"
        "7|teardown|<null>|./__test__/auth/|1\n"
        "8|test|./__test__/billing/test_stripe.sql|./__test__/billing/|1\n"
        "9|teardown|<null>|./__test__/billing/|1\n"
        "10|teardown|<null>|./__test__/|0\n");
  CHECK(project.seen("SELECT ordinal, step_type, script_path FROM "
                     "pg_temp.pgmi_test_plan('oauth/')") ==
        "1|fixture|./__test__/_setup.sql\n2|fixture|./__test__/auth/_setup.sql\n"
        "3|test|./__test__/auth/oauth/test_google.sql\n4|teardown|<null>\n5|teardown|<null>\n"
        "6|teardown|<null>\n");
  CHECK(project.seen("SELECT count(*) FROM pg_temp.pgmi_test_plan('nothing')") == "0\n");
  CHECK(project.failure("SELECT * FROM pg_temp.pgmi_test_plan('(');")->server()->message ==
        "Invalid regex pattern: (");
}

TEST_CASE("an empty project and one without tests have no test plan") {
  SessionCase empty({{"deploy.sql", ""}});
  CHECK(empty.seen("SELECT (SELECT count(*) FROM pgmi_source_view) AS a, (SELECT count(*) FROM "
                   "pgmi_plan_view) AS b, (SELECT count(*) FROM pg_temp.pgmi_test_plan()) AS c") ==
        "0|0|0\n");
}

TEST_CASE("the plan has a row for each key, in the order of bytes, and SQL files only") {
  SessionCase project(
      {{"deploy.sql", ""},
       {"fallback_a.sql", "SELECT 'a';"},
       {"fallback-b.sql", "SELECT 'b';"},
       {"notes.md", "no SQL"},
       {"old.sql~", "no SQL either"},
       {"t\xC3\xA9st.sql",
        "/* <pgmi-meta id='550e8400-e29b-41d4-a716-446655440000' idempotent='0'>"
        "<description>d</description><sortKeys><key>999/000</key><key>001/000</key></sortKeys>"
        "</pgmi-meta> */"}});
  CHECK(project.seen("SELECT execution_order, sort_key, path, id, idempotent, description FROM "
                     "pgmi_plan_view ORDER BY execution_order") ==
        "1|./fallback-b.sql|./fallback-b.sql|<null>|true|\n"
        "2|./fallback_a.sql|./fallback_a.sql|<null>|true|\n"
        "3|001/000|./t\xC3\xA9st.sql|550e8400-e29b-41d4-a716-446655440000|false|d\n"
        "4|999/000|./t\xC3\xA9st.sql|550e8400-e29b-41d4-a716-446655440000|false|d\n");
  CHECK(project.seen("SELECT DISTINCT generic_id = md5(convert_to(path, 'UTF8'))::uuid AS same "
                     "FROM pgmi_plan_view") == "true\n");
  project.options.all_files_in_plan = true;
  CHECK(project.seen("SELECT path FROM pgmi_plan_view ORDER BY execution_order LIMIT 4") ==
        "./fallback-b.sql\n./fallback_a.sql\n./notes.md\n./old.sql~\n");
}

TEST_CASE("the client's plan is the view's") {
  SessionCase project({{"deploy.sql", ""}, {"b/a.sql", "1"}, {"b.sql", "2"}, {"B.SQL", "3"}});
  std::string rows;
  for (const SessionPlanRow& row :
       session_plan(load_session_project(project.tree.root()), PlanFiles::sql_only))
    rows += row.sort_key + "|" + row.id + "\n";
  CHECK(project.seen("SELECT sort_key, coalesce(id, generic_id) AS id FROM pgmi_plan_view ORDER BY "
                     "execution_order") == rows);
}

TEST_CASE("parameters are rows and settings, with names in lower case") {
  SessionCase project({{"deploy.sql", ""}});
  project.options.parameters = {{"Env", "pro\td\\\n"}, {"empty", ""}};
  CHECK(project.seen("SELECT key, value, type, required FROM pgmi_parameter_view ORDER BY key") ==
        "empty||text|false\nenv|pro\td\\\n|text|false\n");
  CHECK(project.seen("SELECT current_setting('pgmi.env') AS a, current_setting('pgmi.x', true) AS "
                     "b") == "pro\td\\\n|<null>\n");
}

TEST_CASE("other roles of the session read the views and call the functions") {
  SessionCase project(foundation);
  CHECK_NOTHROW(project.deploy(
      "BEGIN; CREATE ROLE session_reader; GRANT session_reader TO CURRENT_USER; SET LOCAL ROLE "
      "session_reader; SELECT * FROM pgmi_source_view; SELECT * FROM pgmi_parameter_view; SELECT * "
      "FROM pgmi_test_source_view; SELECT * FROM pgmi_test_directory_view; SELECT * FROM "
      "pgmi_source_metadata_view; SELECT * FROM pgmi_plan_view; SELECT * FROM "
      "pg_temp.pgmi_test_plan(); SELECT pg_temp.pgmi_test_generate(); SELECT "
      "pg_temp.pgmi_is_sql_file('a.sql'); CALL pgmi_test(); ROLLBACK;"));
}

TEST_CASE("loading says nothing, whatever the session wants to hear") {
  SessionCase project(foundation);
  project.options.debug_notices = true;
  project.database.exec(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET client_min_messages = "
      "debug5', current_database()); END $$");
  std::size_t said = 0;
  db::Connection connection = db::Connection::open(project.database.target());
  connection.on_notice([&](const ServerMessage&) { ++said; });
  connection.exec("SET client_min_messages = notice");
  said = 0;
  project.deploy("SELECT 1;");
  for (const NoticeRaised& notice : project.observer.all<NoticeRaised>())
    CHECK(notice.message.severity == "DEBUG");
}

TEST_CASE("client and server agree on what is SQL") {
  SessionCase project({{"deploy.sql", ""}});
  for (const char* name :
       {"a.sql", "a.DDL", "a.dml", "a.dql", "a.dcl", "a.psql", "a.pgsql", "a.plpgsql", "notes.txt",
        "notes.txt~", "notes.", "none", "a.sql.md", "a.sqlx"})
    project.tree.write(name, "x");
  CHECK(project.seen("SELECT count(*) AS n, count(*) FILTER (WHERE is_sql_file) AS s, bool_and("
                     "is_sql_file = pg_temp.pgmi_is_sql_file(path)) AS same, string_agg(name, ',' "
                     "ORDER BY name) FILTER (WHERE extension = '') AS none FROM "
                     "pgmi_source_view") == "14|8|true|none,notes.,notes.txt~\n");
}

TEST_CASE("a file is registered by hand as the engine does it") {
  SessionCase project({{"deploy.sql", ""}, {"a/b.sql", "SELECT 1;"}});
  CHECK(project.seen(
            "SELECT count(*) FROM (SELECT DISTINCT depth, directory, extension, is_sql_file, "
            "parent_folder_name, array_length(path_parts, 1) FROM (SELECT * FROM pgmi_source_view "
            "UNION ALL SELECT * FROM pg_temp.pgmi_register_file(' a\\\\c.sql ', 'SELECT 1;', "
            "repeat('0', 64), repeat('0', 64))) s) t") == "1\n");
  CHECK(
      project.seen("SELECT path, path_parts FROM "
                   "pg_temp.pgmi_register_file('x//y.md', '', repeat('0', 64), repeat('0', 64))") ==
      "./x/y.md|[\".\",\"x\",\"y.md\"]\n");
}

TEST_CASE("a row that cannot be is not taken") {
  SessionCase project({{"deploy.sql", ""}, {"a/b.sql", "SELECT 1;"}});
  for (const char* change :
       {"path = './__test__/b.sql', directory = './__test__/'", "path = './a//b.sql'",
        "name = 'a/b'", "directory = 'a/'", "depth = 2", "size_bytes = -1", "checksum = 'x'",
        "pgmi_checksum = upper(repeat('ab', 32))", "is_test_file = true", "path_parts = '{.}'",
        "parent_folder_name = NULL"}) {
    INFO(change);
    const auto error =
        project.failure(std::string("UPDATE pg_temp._pgmi_source SET ") + change + ";");
    REQUIRE(error);
    CHECK(error->server()->sqlstate == "23514");
  }
}

TEST_CASE("a plan of tests can be kept in a table") {
  SessionCase project(foundation);
  const std::string keep =
      "BEGIN; CREATE SCHEMA IF NOT EXISTS audit; SELECT pg_temp.pgmi_persist_test_plan('audit', "
      "'oauth/'); COMMIT;";
  project.deploy(keep);
  project.deploy("SELECT pg_temp.pgmi_persist_test_plan('audit', 'billing');");
  CHECK(project.database.query_text("SELECT ordinal, step_type, script_path FROM "
                                    "audit.pgmi_test_plan ORDER BY 1") ==
        "1|fixture|./__test__/_setup.sql\n2|test|./__test__/billing/test_stripe.sql\n"
        "3|teardown|\n4|teardown|");
}
