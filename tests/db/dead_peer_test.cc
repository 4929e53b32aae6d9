// A server goes on for a client that died: not for one of ours.
#include <catch2/catch.hpp>
#include <csignal>

#include "tests/support/onlooker.h"
#include "tests/support/process.h"
#include "tests/support/temp_workspace.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

TEST_CASE("the server is asked to look for a dead client") {
  TestDatabase database;
  if (database.connection().server_version() < 140000) return;
  CHECK(database.query_text("SHOW client_connection_check_interval") == "500ms");
  database.exec("SET client_connection_check_interval = 0; RESET ALL");
  CHECK(database.query_text("SHOW client_connection_check_interval") == "500ms");
}

TEST_CASE("what people set themselves wins") {
  TestDatabase database;
  if (database.connection().server_version() < 140000) return;
  Target target = database.target();
  target.settings.emplace_back("client_connection_check_interval", "7s");
  db::Connection connection = db::Connection::open(target);
  CHECK(connection.exec("SHOW client_connection_check_interval").str(0, 0) == "7s");
}

TEST_CASE("a setting that the server refuses is told as that") {
  TestDatabase database;
  Target target = database.target();
  target.settings.emplace_back("no_such_setting", "1");
  const Error error = error_of([&] { db::Connection::open(target); });
  REQUIRE(error.server());
  CHECK(error.server()->message.find("no_such_setting") != std::string::npos);
}

TEST_CASE("a killed client leaves no session at work behind") {
  Workshop shop;
  if (shop.database.connection().server_version() < 140000) return;
  shop.add_module("m", {{"slow", "SELECT pg_sleep(3600)", "SELECT 1", "SELECT 1"}});
  ProcessOptions options;
  options.command = {std::getenv("PGPM_TEST_BINARY"), "deploy", "--package", "m", "--cwd",
                     shop.files.root().string()};
  const Target& target = shop.target();
  options.environment = {{"PGHOST", target.host},
                         {"PGPORT", target.port},
                         {"PGUSER", target.user},
                         {"PGDATABASE", target.database}};
  Process process(options);
  db::Connection watch = shop.database.connect();
  const int pid = Onlooker::wait_for(watch, sleeping);
  process.send_signal(SIGKILL);
  process.wait();
  const std::string left =
      "SELECT count(*) FROM pg_stat_activity WHERE pid = " + std::to_string(pid);
  while (shop.query(left) != "0") watch.exec("SELECT pg_sleep(0.01)");
  CHECK(shop.query("SELECT count(*) FROM pgpm_migrate.changes") == "0");
}
