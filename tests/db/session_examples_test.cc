// The SQL examples of two guides people work by (session_examples/*.txt), run as they are written.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>

#include "engine/text/file.h"
#include "tests/support/session_case.h"
#include "tests/support/source_dir.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

using Examples = std::map<std::string, std::string>;

/// What stands behind each "--- example NAME".
Examples read_examples(const std::string& guide) {
  constexpr std::string_view mark = "--- example ";
  const std::string text = *read_file(source_path("tests/db/session_examples/" + guide + ".txt"));
  Examples examples;
  std::string* current = nullptr;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (line.starts_with(mark))
      current = &examples[line.substr(mark.size())];
    else if (current != nullptr)
      *current += line + "\n";
    at = end + 1;
  }
  return examples;
}

/// A project with something in every folder that the examples look into.
class Guide : public SessionCase {
 public:
  explicit Guide(const std::string& guide)
      : SessionCase({{"deploy.sql", ""},
                     {"extensions/001.sql", "DO $$ BEGIN RAISE NOTICE 'extension'; END $$;"},
                     {"schemas/001.sql", "CREATE TABLE IF NOT EXISTS users (id int);"},
                     {"migrations/001.sql", "CREATE TABLE IF NOT EXISTS users (id int);"},
                     {"migrations/v2/002.sql", "CREATE TABLE IF NOT EXISTS second (id int);"},
                     {"seeds/001.sql",
                      "CREATE TABLE IF NOT EXISTS users (id int); INSERT INTO users VALUES (7);"},
                     {"setup/001.sql", "CREATE OR REPLACE VIEW ids AS SELECT id FROM users;"},
                     {"README.md", "no SQL at all"},
                     {"__test__/_setup.sql", "CREATE TABLE IF NOT EXISTS seen (a int);"},
                     {"__test__/auth/test_login.sql", "INSERT INTO seen VALUES (1);"},
                     {"__test__/integration/test_all.sql",
                      "DO $$ BEGIN ASSERT (SELECT count(*) FROM seen) = 0; END $$;"},
                     {"__test__/test_critical.sql", "SELECT 1;"},
                     {"__test__/test_very_critical.sql", "SELECT 1;"}}),
        examples_(read_examples(guide)) {}

  const std::string& example(const std::string& name) const { return examples_.at(name); }
  const Examples& examples() const { return examples_; }
  bool exists(const std::string& table) {
    return database.query_text("SELECT to_regclass('" + table + "') IS NOT NULL") == "t";
  }

 private:
  Examples examples_;
};

std::string with(std::string text, const std::string& placeholder, const std::string& filling) {
  for (std::size_t at = 0; (at = text.find(placeholder, at)) != std::string::npos;)
    text.replace(at, placeholder.size(), filling), at += filling.size();
  return text;
}

/// The loop around EXECUTE that guides leave to the reader.
const std::string all_files =
    "DO $$ DECLARE v_file record; BEGIN FOR v_file IN SELECT * FROM pgmi_plan_view ORDER BY "
    "execution_order LOOP EXECUTE v_file.content; END LOOP; END $$;";

/// What stands for the reader's own is the case's.
std::string filled_in(std::string text) {
  text = with(std::move(text), "(column)", "(id)");
  text = with(std::move(text), "-- ... all migrations via EXECUTE v_file.content ...", all_files);
  for (const char* step : {"fixture", "test", "test2"})
    text = with(std::move(text), std::string("... EXECUTE ") + step + " ...",
                std::string("BEGIN EXECUTE 'CREATE TABLE made_by_") + step + " ()'; END");
  return text;
}

/// Lines that belong into a block, which tells what they have found.
std::string in_block(const std::string& lines) {
  return "DO $$ DECLARE v_file record; v_env text; v_enabled boolean; v_limit int; v_cutoff "
         "timestamp; v_admin_role text; v_optional text; BEGIN\n" +
         lines +
         "RAISE NOTICE '% % % % % %', v_env, v_enabled, v_limit, v_cutoff, v_admin_role, "
         "v_optional; END $$;";
}

bool belongs_into_block(const std::string& name) {
  return name == "overview_loop" || name == "parameter_setting" || name == "type_coercion";
}

const std::string callback =
    "CREATE FUNCTION pg_temp.my_custom_callback(e pg_temp.pgmi_test_event) RETURNS void LANGUAGE "
    "plpgsql AS $$ BEGIN RAISE NOTICE 'custom %', e.event; END $$;\n";

}  // namespace

TEST_CASE("each example of the production guide goes through as it is written") {
  const Examples examples = read_examples("production");
  REQUIRE(examples.size() == 16);
  for (const auto& [name, text] : examples) {
    INFO(name);
    Guide guide("production");
    guide.database.exec(
        "CREATE SCHEMA audit; CREATE TABLE audit.deployments (id uuid PRIMARY KEY, started_at "
        "timestamptz, completed_at timestamptz, env text, files_count int); CREATE TABLE "
        "audit.deployment_files (deployment_id uuid REFERENCES audit.deployments, file_path text, "
        "executed_at timestamptz); CREATE FUNCTION gen_random_uuid() RETURNS uuid LANGUAGE sql AS "
        "$$ SELECT md5(random()::text)::uuid $$;");
    if (name != "phased" && name != "single_transaction" && name != "automatic_rollback" &&
        !name.starts_with("error"))
      guide.database.exec("CREATE TABLE users (id int); CREATE TABLE large_table (id int)");
    if (name.starts_with("concurrent_index"))
      guide.database.exec("ALTER TABLE users ADD COLUMN email text");
    CHECK_NOTHROW(guide.deploy(filled_in(text)));
    CHECK(guide.exists("users"));
  }
}

TEST_CASE("each example of the session API goes through as it is written") {
  const Examples examples = read_examples("session_api");
  REQUIRE(examples.size() == 28);
  for (const auto& [name, text] : examples) {
    INFO(name);
    if (name == "deployment_setting") continue;  // the advanced template's
    Guide guide("session_api");
    guide.options.parameters = {{"env", "development"}, {"api_token", "do-not-show-me"}};
    std::string script = filled_in(text);
    if (name == "macro_forms") script = callback + script;
    if (name == "generated_structure") script = "BEGIN;\n" + script + "COMMIT;";
    if (belongs_into_block(name)) script = in_block(script);
    CHECK_NOTHROW(guide.deploy(script));
    CHECK(guide.notices().find("do-not-show-me") == std::string::npos);
  }
}

TEST_CASE("phases run in their order") {
  Guide guide("production");
  guide.deploy(guide.example("phased"));
  CHECK(guide.notices() ==
        "=== Phase 1: Extensions ===\nExecuting: ./extensions/001.sql\nextension\n"
        "=== Phase 2: Migrations ===\nExecuting: ./migrations/001.sql\n"
        "Executing: ./migrations/v2/002.sql\n=== Phase 3: Setup ===\n"
        "Executing: ./setup/001.sql\n");
  CHECK(guide.exists("ids"));
}

TEST_CASE("a parameter turns a deploy into its rollback") {
  Guide guide("production");
  guide.tree.write("migrations/002_add_email_column.sql", guide.example("migration"));
  guide.tree.write("rollback/002_add_email_column.sql", guide.example("rollback_script"));
  const auto columns = [&] {
    return guide.database.query_text(
        "SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = "
        "'email' AND NOT attisdropped");
  };
  guide.deploy(guide.example("rollback_parameter"));
  CHECK(columns() == "1");
  guide.options.parameters = {{"rollback", "true"}};
  guide.deploy();
  CHECK(columns() == "0");
  CHECK(guide.notices() == "Rolling back: ./rollback/002_add_email_column.sql\n");
}

TEST_CASE("a failing file is named, and nothing is kept") {
  Guide guide("production");
  guide.tree.write("migrations/003.sql", "SELECT 1/0;");
  const auto error = guide.failure(guide.example("error_context"));
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::sql);
  CHECK(error->server()->message == "Failed on ./migrations/003.sql: division by zero");
  CHECK_FALSE(guide.exists("users"));
  CHECK(guide.failure(guide.example("error_context_with_path"))->server()->message ==
        "Migration failed on ./migrations/003.sql: division by zero");
}

TEST_CASE("a deploy writes its own audit log") {
  Guide guide("production");
  guide.options.parameters = {{"env", "staging"}};
  guide.deploy(
      "CREATE SCHEMA audit; CREATE TABLE audit.deployments (id uuid, started_at timestamptz, "
      "completed_at timestamptz, env text, files_count int); CREATE TABLE audit.deployment_files "
      "(deployment_id uuid, file_path text, executed_at timestamptz); CREATE OR REPLACE FUNCTION "
      "public.gen_random_uuid() RETURNS uuid LANGUAGE sql AS $$ SELECT md5(random()::text)::uuid "
      "$$;\n" +
      guide.example("audit_log"));
  CHECK(guide.database.query_text("SELECT env, files_count, completed_at IS NOT NULL FROM "
                                  "audit.deployments") == "staging|6|t");
  CHECK(guide.database.query_text("SELECT count(*) FROM audit.deployment_files") == "6");
}

TEST_CASE("a lock timeout fails the deploy instead of queueing up") {
  Guide guide("production");
  guide.database.exec("CREATE TABLE users (id int)");
  guide.database.exec("BEGIN; LOCK users");
  const auto error =
      guide.failure("SET lock_timeout = '50ms';\n" +
                    guide.example("lock_timeout_in_migration")
                        .substr(guide.example("lock_timeout_in_migration").find("ALTER")));
  guide.database.exec("ROLLBACK");
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::sql);
  CHECK(error->server()->sqlstate == "55P03");
}

TEST_CASE("seeds depend on the environment, and tests gate the commit") {
  for (const auto& [env, rows] : {std::pair("development", "1"), std::pair("production", "0")}) {
    Guide guide("session_api");
    guide.options.parameters = {{"env", env}};
    guide.deploy(guide.example("conditional"));
    CHECK(guide.database.query_text("SELECT count(*) FROM users") == rows);
    CHECK_FALSE(guide.exists("seen"));
  }
  Guide guide("session_api");
  guide.tree.write("__test__/test_no.sql", "DO $$ BEGIN RAISE EXCEPTION 'no'; END $$;");
  CHECK(guide.failure(guide.example("conditional")));
  CHECK_FALSE(guide.exists("users"));
  CHECK(guide.failure(guide.example("test_isolation")));
  CHECK_FALSE(guide.exists("users"));
  guide.tree.remove("__test__/test_no.sql");
  guide.deploy(guide.example("test_isolation"));
  CHECK(guide.exists("users"));
  CHECK_FALSE(guide.exists("seen"));
}

TEST_CASE("the example's observer is told of every test") {
  Guide guide("session_api");
  guide.deploy(guide.example("callback") + "CALL pgmi_test('auth', 'my_callback');");
  CHECK(guide.notices() ==
        "Starting test suite\nRunning: ./__test__/auth/test_login.sql\n"
        "Passed: ./__test__/auth/test_login.sql\nCompleted 4 steps\n");
}

TEST_CASE("the test plan of the example is a table that stays") {
  Guide guide("session_api");
  guide.deploy(guide.example("persist"));
  CHECK(guide.database.query_text("SELECT count(*) FROM public.pgmi_test_plan") == "8");
}

TEST_CASE("secret parameters are masked by the example's own words") {
  Guide guide("session_api");
  guide.options.parameters = {{"env", "test"}, {"api_token", "do-not-show-me"}};
  guide.deploy(guide.example("parameter_view"));
  CHECK(guide.notices().find("Parameter: api_token = ********") != std::string::npos);
  CHECK(guide.notices().find("Parameter: env = test") != std::string::npos);
}

TEST_CASE("a failing migration takes the others along") {
  Guide guide("production");
  const std::string script = filled_in(guide.example("automatic_rollback"));
  guide.tree.write("migrations/003.sql", "SELECT 1/0;");
  CHECK(guide.failure(script));
  CHECK_FALSE(guide.exists("users"));
  guide.tree.remove("migrations/003.sql");
  guide.deploy(script);
  CHECK(guide.exists("users"));
}

TEST_CASE("parameters have the type that deploy.sql gives them, and a default") {
  Guide guide("session_api");
  const std::string script =
      in_block(guide.example("parameter_setting") + guide.example("type_coercion"));
  guide.deploy(script);
  CHECK(guide.notices() == "development f 100 2024-01-01 00:00:00 <NULL> <NULL>\n");
  guide.options.parameters = {{"env", "production"},
                              {"feature_enabled", "yes"},
                              {"max_rows", "7"},
                              {"since", "2025-02-03 04:05"},
                              {"feature_flag", ""}};
  guide.deploy(script);
  CHECK(guide.notices() == "production t 7 2025-02-03 04:05:00 <NULL> <NULL>\n");
}

TEST_CASE("the loop of the overview runs every SQL file, whatever else is in the folder") {
  Guide guide("session_api");
  guide.deploy(in_block(guide.example("overview_loop")));
  CHECK(guide.exists("users"));
  CHECK(guide.exists("second"));
}

TEST_CASE("the structure that a macro stands for leaves nothing behind") {
  Guide guide("session_api");
  guide.deploy("BEGIN;\n" + filled_in(guide.example("generated_structure")) + "COMMIT;");
  for (const char* table : {"made_by_fixture", "made_by_test", "made_by_test2"})
    CHECK_FALSE(guide.exists(table));
}

TEST_CASE("scripts of the advanced template ask for settings, required ones and others") {
  SessionCase project({{"deploy.sql", ""}});
  if (project.database.connection().server_version() < 150000) return;
  for (const TemplateFile& file : template_files("advanced", "app"))
    project.tree.write(file.path, file.text);
  const std::string example = read_examples("session_api").at("deployment_setting");
  project.tree.write("lib/core/ask.sql", in_block(example));
  project.deploy();
  CHECK(project.notices().find("<NULL> <NULL> <NULL> <NULL> " + project.database.name() +
                               "_admin <NULL>\n") != std::string::npos);
  project.tree.write("lib/core/ask.sql", in_block(with(example, ", false", "")));
  const auto error = [&]() -> std::optional<Error> {
    try {
      project.deploy();
    } catch (const Error& thrown) {
      return thrown;
    }
    return std::nullopt;
  }();
  REQUIRE(error);
  CHECK(std::string(error->what()).find("There is no setting optional_key") != std::string::npos);
  for (const char* kind : {"admin", "api", "customer", "owner"})
    project.database.exec(fmt::format("DROP OWNED BY {0}_{1} CASCADE; DROP ROLE {0}_{1}",
                                      project.database.name(), kind));
}
