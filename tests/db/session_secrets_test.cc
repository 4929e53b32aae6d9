// A secret parameter of a session project: in nothing that pgpm writes, in no activity others can
// look at, and not in the log of a server that logs everything it is sent.
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>

#include "engine/text/file.h"
#include "tests/support/own_server.h"
#include "tests/support/process.h"
#include "tests/support/session_case.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

const std::string secret = "Tr0ub4dor'&3 is \"long\" enough to be cut off by a server, they say";
const std::string beginning = secret.substr(0, 10);

/// Whether the secret, or what a server leaves of it, is in a text.
bool shows(const std::string& text) {
  return text.find(beginning) != std::string::npos;
}

OwnServerOptions logging_everything() {
  OwnServerOptions options;
  options.settings = {"log_statement=all",
                      "log_min_duration_statement=0",
                      "log_min_messages=log",
                      "log_error_verbosity=verbose",
                      "log_parser_stats=off",
                      "track_activity_query_size=100000",
                      "log_connections=on",
                      "log_disconnections=on",
                      "log_line_prefix=%m [%p] %a %i "};
  return options;
}

/// deploy.sql asks what the whole server shows of its sessions, and says things in a hurry.
const std::string chatty =
    "BEGIN;\n"
    "DO $$ BEGIN IF EXISTS (SELECT FROM pg_stat_activity WHERE strpos(query, left("
    "current_setting('pgmi.db_password'), 10)) > 0) THEN RAISE EXCEPTION 'seen in the activity'; "
    "END IF; END $$;\n"
    "CREATE TABLE logins (name text UNIQUE, password text CHECK (length(password) < 5));\n";

ProcessOptions command(const TempWorkspace& tree, const OwnServer& server,
                       std::vector<std::string> words) {
  ProcessOptions options;
  options.command = {std::getenv("PGPM_TEST_BINARY"), "session"};
  for (std::string& word : words) options.command.push_back(std::move(word));
  options.dir = tree.root();
  const Target target = server.target();
  options.environment = {{"PGHOST", target.host},
                         {"PGPORT", target.port},
                         {"PGUSER", target.user},
                         {"PGDATABASE", "postgres"}};
  return options;
}

ProcessResult pgpm(const TempWorkspace& tree, const OwnServer& server,
                   std::vector<std::string> words) {
  return run_process(command(tree, server, std::move(words)));
}

/// Every way to show a run at once; what any of them wrote.
std::string everything(const TempWorkspace& tree, const OwnServer& server,
                       const std::vector<std::string>& words, int expected) {
  std::string all;
  for (const char* format : {"text", "json", "jsonl", "junit", "tap", "github"}) {
    INFO(format);
    std::vector<std::string> line = words;
    for (const std::string& word :
         {std::string("--params-file=secret.env"), std::string("--verbose"),
          std::string("--format=") + format, std::string("--report=json=r.json"),
          std::string("--report=jsonl=r.jsonl"), std::string("--report=junit=r.xml"),
          std::string("--report=tap=r.tap"), std::string("--report=github=r.txt")})
      line.push_back(word);
    const ProcessResult result = pgpm(tree, server, line);
    INFO(result.out << result.err);
    CHECK(result.exit_status == expected);
    all += result.out + result.err;
    for (const char* report : {"r.json", "r.jsonl", "r.xml", "r.tap", "r.txt"}) {
      REQUIRE(tree.exists(report));
      all += tree.read(report);
    }
  }
  return all;
}

}  // namespace

TEST_CASE("no output, report, activity or server log shows a secret parameter") {
  const OwnServer server(logging_everything());
  TempWorkspace tree(
      {{"secret.env", "db_password=" + secret + "\nenv=test\n"},
       {"p/deploy.sql", chatty + "DO $$ BEGIN RAISE NOTICE 'it is %', "
                                 "current_setting('pgmi.db_password'); END $$;\nCOMMIT;\n"
                                 "DROP TABLE logins;\n"}});
  const std::string all = everything(tree, server, {"deploy", "p"}, 0);
  CHECK(all.find("it is ***") != std::string::npos);
  CHECK_FALSE(shows(all));
  // RAISE NOTICE is below the log's threshold; nothing we sent is in it.
  const std::string log = server.log();
  CHECK(log.find("CREATE TEMPORARY TABLE _pgmi_parameter") != std::string::npos);
  CHECK(log.find("COPY pg_temp._pgmi_parameter") != std::string::npos);
  CHECK(log.find("RAISE EXCEPTION 'seen in the activity'") != std::string::npos);
  CHECK_FALSE(shows(log));
}

TEST_CASE("errors that quote a secret parameter are shown without it") {
  const OwnServer server(logging_everything());
  const char* const failing[] = {
      // DETAIL: Key (name)=(...) already exists.
      "INSERT INTO logins SELECT value, 'x' FROM pgmi_parameter_view p CROSS JOIN (VALUES (1), "
      "(2)) "
      "v WHERE key = 'db_password';",
      // DETAIL: Failing row contains (a, ...), cut off.
      "INSERT INTO logins SELECT 'a', value FROM pgmi_parameter_view WHERE key = 'db_password';",
      // CONTEXT: SQL statement "... '...'", its quotes doubled.
      "DO $$ BEGIN EXECUTE format('SELECT nope, %L', current_setting('pgmi.db_password')); END $$;",
      // MESSAGE and HINT, and JSON in the DETAIL.
      "DO $$ BEGIN RAISE EXCEPTION 'no %', current_setting('pgmi.db_password') USING HINT = "
      "current_setting('pgmi.db_password'), DETAIL = json_build_object('a', "
      "current_setting('pgmi.db_password')); END $$;",
      "SELECT current_setting('pgmi.db_password')::int;",
  };
  TempWorkspace tree({{"secret.env", "db_password=" + secret + "\n"}});
  for (const std::string statement : failing) {
    INFO(statement);
    tree.write("p/deploy.sql", chatty + statement + "\nCOMMIT;\n");
    const std::string all = everything(tree, server, {"deploy", "p"}, 13);
    CHECK(all.find("***") != std::string::npos);
    CHECK_FALSE(shows(all));
  }
}

TEST_CASE("tests that quote a secret parameter are shown without it") {
  const OwnServer server(logging_everything());
  TempWorkspace tree(
      {{"secret.env", "db_password=" + secret + "\n"},
       {"p/deploy.sql", "CALL pgmi_test();"},
       {"p/__test__/test_a.sql",
        "DO $$ BEGIN RAISE WARNING 'it is %', current_setting('pgmi.db_password'); RAISE EXCEPTION "
        "'no %', current_setting('pgmi.db_password') USING DETAIL = "
        "current_setting('pgmi.db_password'); END $$;"}});
  CHECK_FALSE(shows(everything(tree, server, {"deploy", "p"}, 13)));
  const std::string tested = everything(tree, server, {"test", "p"}, 17);
  CHECK(tested.find("no ***") != std::string::npos);
  CHECK_FALSE(shows(tested));
}

TEST_CASE("a value that the server's encoding does not have is refused without being shown") {
  const OwnServer server(logging_everything());
  db::Connection::open(server.target())
      .exec(
          "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
  TempWorkspace tree(
      {{"secret.env", "db_password=" + secret + " \xE2\x82\xAC\n"}, {"p/deploy.sql", "SELECT 1;"}});
  const std::string all = everything(tree, server, {"deploy", "p", "-d", "latin"}, 13);
  CHECK(all.find("the server does not take the value of a parameter (SQLSTATE 22P05)") !=
        std::string::npos);
  CHECK_FALSE(shows(all));
  CHECK_FALSE(shows(server.log()));
}

TEST_CASE("while deploy.sql runs, others see its text and nothing else") {
  const OwnServer server(logging_everything());
  TempWorkspace tree(
      {{"secret.env", "db_password=" + secret + "\n"}, {"p/deploy.sql", "SELECT pg_sleep(60);"}});
  Process process(command(tree, server, {"deploy", "p", "--params-file=secret.env"}));
  db::Connection other = db::Connection::open(server.target());
  std::string seen;
  while (seen.find("pg_sleep") == std::string::npos) {
    const db::Result rows = other.query(
        "SELECT query, application_name FROM pg_stat_activity WHERE pid <> pg_backend_pid()", {});
    for (std::size_t i = 0; i < rows.rows(); ++i) seen += rows.str(i, 0) + rows.str(i, 1) + "\n";
  }
  CHECK_FALSE(shows(seen));
  const auto arguments = read_file("/proc/" + std::to_string(process.pid()) + "/cmdline");
  REQUIRE(arguments);
  CHECK_FALSE(shows(*arguments));
  process.send_signal(SIGINT);
  const ProcessResult& result = process.wait();
  CHECK(result.exit_status == 130);
  CHECK_FALSE(shows(result.out + result.err));
}
