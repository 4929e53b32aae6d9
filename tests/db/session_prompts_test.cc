// What session commands ask at a terminal, answered, refused and broken off.
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "engine/text/file.h"
#include "tests/support/process.h"
#include "tests/support/temp_workspace.h"
#include "tests/support/test_database.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// `pgpm session WORDS...` at a terminal.
ProcessOptions at_terminal(const TempWorkspace& tree, std::vector<std::string> words) {
  ProcessOptions options;
  options.command = {std::getenv("PGPM_TEST_BINARY"), "session"};
  for (std::string& word : words) options.command.push_back(std::move(word));
  options.dir = tree.root();
  options.terminal = true;
  options.keep_open = true;
  options.environment = {{"TERM", "dumb"}};
  return options;
}

ProcessOptions overwriting(const TempWorkspace& tree, TestDatabase& database) {
  ProcessOptions options = at_terminal(tree, {"deploy", ".", "--overwrite"});
  db::Connection& connection = database.connection();
  options.environment["PGHOST"] = connection.host();
  options.environment["PGPORT"] = connection.exec("SHOW port").str(0, 0);
  options.environment["PGUSER"] = connection.user();
  options.environment["PGDATABASE"] = database.name();
  return options;
}

const std::string end_of_input = "\x04", ctrl_c = "\x03";

}  // namespace

TEST_CASE("the database's name, typed, lets it be overwritten") {
  TempWorkspace tree({{"deploy.sql", "CREATE TABLE made ();"}});
  TestDatabase database;
  database.exec("CREATE TABLE gone ()");
  Process process(overwriting(tree, database));
  REQUIRE(process.wait_for("Type its name to go on: "));
  process.type(database.name() + "\n");
  const ProcessResult& result = process.wait();
  CAPTURE(result.out);
  CHECK(result.exit_status == 0);
  db::Connection anew = database.connect();
  CHECK(anew.exec("SELECT to_regclass('gone') IS NULL AND to_regclass('made') IS NOT NULL")
            .boolean(0, 0));
}

TEST_CASE("whoever types no name keeps the database") {
  TempWorkspace tree({{"deploy.sql", "CREATE TABLE made ();"}});
  TestDatabase database;
  database.exec("CREATE TABLE kept ()");
  const auto [typed, status] = GENERATE_COPY(
      table<std::string, int>({{"\n", 12}, {end_of_input, 12}, {ctrl_c, 130}, {"kept\n", 12}}));
  CAPTURE(typed);
  Process process(overwriting(tree, database));
  REQUIRE(process.wait_for("Type its name to go on: "));
  process.type(typed);
  const ProcessResult& result = process.wait();
  CAPTURE(result.out);
  CHECK(result.exit_status == status);
  CHECK(result.out.find("othing was changed") != std::string::npos);
  CHECK(database.query_text("SELECT to_regclass('kept'), to_regclass('made') IS NULL") == "kept|t");
}

TEST_CASE("the answers of the wizard are the project's settings") {
  TempWorkspace tree({{"deploy.sql", ""}, {"pgmi.yaml", "timeout: 5m\n"}});
  Process process(at_terminal(tree, {"config"}));
  for (const auto& [question, answer] :
       {std::pair("Server [localhost]: ", "db.example.com"), std::pair("Port [5432]: ", ""),
        std::pair("Role: ", "deployer"), std::pair("Database: ", "shop"),
        std::pair("TLS mode [prefer]: ", "require")}) {
    REQUIRE(process.wait_for(question));
    process.type(std::string(answer) + "\n");
  }
  const ProcessResult& result = process.wait();
  CAPTURE(result.out);
  CHECK(result.exit_status == 0);
  CHECK(read_file(tree.path("pgmi.yaml")) ==
        "timeout: 5m\nconnection:\n  host: db.example.com\n  port: 5432\n  username: deployer\n"
        "  database: shop\n  sslmode: require\n");
}

TEST_CASE("a wizard that is broken off writes nothing") {
  TempWorkspace tree({{"deploy.sql", ""}, {"pgmi.yaml", "timeout: 5m\n"}});
  const auto [typed, status, said] = GENERATE_COPY(table<std::string, int, std::string>(
      {{end_of_input, 12, "cancelled"}, {ctrl_c, 130, "interrupted"}}));
  CAPTURE(status);
  Process process(at_terminal(tree, {"config"}));
  REQUIRE(process.wait_for("Server [localhost]: "));
  process.type("db.example.com\n");
  REQUIRE(process.wait_for("Port [5432]: "));
  process.type(typed);
  const ProcessResult& result = process.wait();
  CAPTURE(result.out);
  CHECK(result.exit_status == status);
  CHECK(result.out.find(said) != std::string::npos);
  CHECK(read_file(tree.path("pgmi.yaml")) == "timeout: 5m\n");
}
