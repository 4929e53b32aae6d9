// Connections on a real server: results, errors, notices, interrupts, settings, and everything that
// keeps one from being made. Some wait for another session to be seen at work before they act.
#include "engine/db/connection.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "tests/support/test_database.h"
#include "tests/support/test_server.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using pgpm::tests::error_of;
using pgpm::tests::test_server;
using pgpm::tests::TestDatabase;

namespace {

// The test server's dsn with more in it, whichever of the two forms it has. `uri` is
// percent-encoded.
Secret with_more(const Secret& dsn, const std::string& uri, const std::string& keywords) {
  const std::string& text = dsn.reveal();
  if (text.find("://") == std::string::npos) return Secret(text + " " + keywords);
  return Secret(text + (text.find('?') == std::string::npos ? "?" : "&") + uri);
}

// Requests a stop once another session sees this one at work.
std::thread stop_when_active(const TestDatabase& database, int pid, std::stop_source source) {
  return std::thread([target = database.target(), pid, source]() mutable {
    db::Connection watcher = db::Connection::open(target);
    const std::string active =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid = " +
        std::to_string(pid);
    while (watcher.exec(active).integer(0, 0) == 0) std::this_thread::yield();
    source.request_stop();
  });
}

void terminate_when_active(const TestDatabase& database, int pid) {
  db::Connection killer = database.connect();
  while (!killer
              .exec("SELECT bool_or(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE state = "
                    "'active' AND pid = " +
                    std::to_string(pid))
              .boolean(0, 0))
    std::this_thread::yield();
}

}  // namespace

TEST_CASE("a statement's rows come back as text", "[connection]") {
  TestDatabase database;
  CHECK(database.query_text("SELECT 1, 'zwei', NULL, true") == "1|zwei||t");
  const db::Result result = database.connection().query(
      "SELECT $1::int + 1, $2::text IS NULL, $3::text", {"41", std::nullopt, "ä'\\"});
  REQUIRE(result.rows() == 1);
  REQUIRE(result.columns() == 3);
  CHECK(result.integer(0, 0) == 42);
  CHECK(result.boolean(0, 1));
  CHECK(result.str(0, 2) == "ä'\\");
  CHECK_THROWS_AS(result.text(1, 0), Error);
  CHECK_THROWS_AS(result.text(0, 3), Error);
  CHECK_THROWS_AS(result.integer(0, 2), Error);
}

TEST_CASE("several statements give the last one's result, and stop at the first error",
          "[connection]") {
  TestDatabase database;
  CHECK(database.query_text(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); SELECT sum(a) FROM t") == "3");
  CHECK(database.connection().exec("INSERT INTO t VALUES (3)").command_tag() == "INSERT 0 1");
  const Error error = error_of([&] { database.exec("DELETE FROM t; SELECT 1/0; DROP TABLE t"); });
  CHECK(error.code() == ErrorCode::sql);
  REQUIRE(error.server());
  CHECK(error.server()->sqlstate == "22012");
  CHECK(error.server()->severity == "ERROR");
  CHECK(database.query_text("SELECT count(*) FROM t") == "3");
}

TEST_CASE("every field of an error arrives", "[connection]") {
  TestDatabase database;
  database.exec("CREATE TABLE public.t (a int CONSTRAINT positive CHECK (a > 0))");
  const Error error = error_of([&] { database.exec("INSERT INTO t VALUES (-1)"); });
  REQUIRE(error.server());
  CHECK(error.server()->schema == "public");
  CHECK(error.server()->table == "t");
  CHECK(error.server()->constraint == "positive");
  CHECK_FALSE(error.server()->detail.empty());
  CHECK(error.server()->routine == "ExecConstraints");
  const Error position = error_of([&] { database.exec("SELECT 'ä', wrong"); });
  CHECK(position.server()->position == 13);
  const Error inner = error_of([&] { database.exec("DO $$ BEGIN EXECUTE 'SELECT x'; END $$"); });
  CHECK(inner.server()->internal_position == 8);
  CHECK(inner.server()->internal_query == "SELECT x");
  CHECK_FALSE(inner.server()->context.empty());
}

TEST_CASE("notices go to the receiver, in order, with their fields", "[connection]") {
  TestDatabase database;
  std::vector<ServerMessage> notices;
  database.connection().on_notice([&](const ServerMessage& notice) { notices.push_back(notice); });
  // A connection may move: its receiver goes with it.
  db::Connection moved = std::move(database.connection());
  moved.exec("DO $$ BEGIN RAISE NOTICE 'eins' USING HINT = 'h'; RAISE WARNING 'zwei'; END $$");
  REQUIRE(notices.size() == 2);
  CHECK(notices[0].message == "eins");
  CHECK(notices[0].hint == "h");
  CHECK(notices[0].severity == "NOTICE");
  CHECK(notices[1].severity == "WARNING");
  moved.on_notice({});
  moved.exec("DO $$ BEGIN RAISE NOTICE 'drei'; END $$");
  CHECK(notices.size() == 2);
  moved.on_notice([](const ServerMessage&) { throw std::runtime_error("not through C"); });
  CHECK_NOTHROW(moved.exec("DO $$ BEGIN RAISE NOTICE 'vier'; END $$"));
  database.connection() = std::move(moved);
}

TEST_CASE("a result outlives its connection", "[connection]") {
  TestDatabase database;
  db::Result result;
  {
    db::Connection connection = database.connect();
    result = connection.exec("SELECT 'still here'");
  }
  CHECK(result.text(0, 0) == "still here");
}

TEST_CASE("a stop cancels the running statement and the connection stays usable", "[connection]") {
  TestDatabase database;
  db::Connection connection = database.connect();
  std::stop_source source;
  connection.set_stop(source.get_token());
  std::thread stopper = stop_when_active(database, connection.backend_pid(), source);
  const Error error = error_of([&] { connection.exec("SELECT pg_sleep(1000)"); });
  stopper.join();
  CHECK(error.code() == ErrorCode::interrupted);
  // The stop stays requested: nothing more is run, but for what cleans up.
  CHECK(error_of([&] { connection.exec("SELECT 1"); }).code() == ErrorCode::interrupted);
  {
    const db::StopMask mask(connection);
    CHECK(connection.exec("SELECT 1").integer(0, 0) == 1);
  }
  CHECK(error_of([&] { connection.exec("SELECT 1"); }).code() == ErrorCode::interrupted);
  connection.set_stop({});
  CHECK(connection.exec("SELECT 2").integer(0, 0) == 2);
}

TEST_CASE("a stop that was requested before is obeyed before anything is sent", "[connection]") {
  TestDatabase database;
  std::stop_source source;
  source.request_stop();
  CHECK(error_of([&] { db::Connection::open(database.target(), source.get_token()); }).code() ==
        ErrorCode::interrupted);
}

TEST_CASE("signals do not disturb a wait", "[connection]") {
  TestDatabase database;
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) {};
  sigaction(SIGUSR1, &action, &before);
  const pthread_t self = pthread_self();
  std::atomic<bool> finished{false};
  std::atomic<int> sent{0};
  std::thread pest([&] {
    while (!finished) {
      pthread_kill(self, SIGUSR1);
      ++sent;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  CHECK(database.query_text("SELECT 'done' FROM pg_sleep(0.2)") == "done");
  finished = true;
  pest.join();
  sigaction(SIGUSR1, &before, nullptr);
  CHECK(sent > 10);
}

TEST_CASE("statement_timeout and lock_timeout are time-outs, not interrupts", "[connection]") {
  TestDatabase database;
  Target target = database.target();
  target.settings = {{"statement_timeout", "50ms"}};
  const Error slow = error_of([&] { db::Connection::open(target).exec("SELECT pg_sleep(1000)"); });
  CHECK(slow.code() == ErrorCode::timed_out);
  CHECK(slow.server()->sqlstate == "57014");

  database.exec("CREATE TABLE t ()");
  database.exec("BEGIN; LOCK TABLE t");
  target.settings = {{"lock_timeout", "50ms"}};
  const Error locked = error_of([&] { db::Connection::open(target).exec("SELECT * FROM t"); });
  CHECK(locked.code() == ErrorCode::timed_out);
  CHECK(locked.server()->sqlstate == "55P03");
}

TEST_CASE("a terminated session is a lost connection", "[connection]") {
  TestDatabase database;
  db::Connection victim = database.connect();
  std::thread killer([&, pid = victim.backend_pid()] { terminate_when_active(database, pid); });
  const Error error = error_of([&] { victim.exec("SELECT pg_sleep(1000)"); });
  killer.join();
  CHECK(error.code() == ErrorCode::connection);
  REQUIRE(error.server());
  CHECK(error.server()->sqlstate == "57P01");
  CHECK_FALSE(victim.alive());
  CHECK(error_of([&] { victim.exec("SELECT 1"); }).code() == ErrorCode::connection);
}

TEST_CASE("what a statement raises does not end the session, whatever its SQLSTATE",
          "[connection]") {
  TestDatabase database;
  const std::string state = GENERATE("08000", "08006", "08P01", "57P01", "57P03", "25P03");
  const Error error = error_of([&] {
    database.exec("DO $$ BEGIN RAISE EXCEPTION 'from afar' USING ERRCODE = '" + state +
                  "'; END $$");
  });
  CHECK(error.code() == ErrorCode::sql);
  CHECK(std::string(error.what()) == "from afar");
  CHECK(database.query_text("SELECT 1") == "1");
}

TEST_CASE("COPY in the engine's own SQL is refused and does not hang", "[connection]") {
  TestDatabase database;
  database.exec("CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 100000)");
  CHECK(error_of([&] { database.exec("COPY t FROM STDIN"); }).code() == ErrorCode::sql);
  CHECK(error_of([&] { database.exec("COPY t TO STDOUT"); }).code() == ErrorCode::sql);
  CHECK(database.query_text("SELECT count(*) FROM t") == "100000");
}

TEST_CASE("settings are the session's own: RESET ALL returns to them", "[connection]") {
  TestDatabase database;
  Target target = database.target();
  target.settings = {
      {"lock_timeout", "7s"}, {"search_path", R"("a b\c", public)"}, {"pgpm.empty", ""}};
  db::Connection connection = db::Connection::open(target);
  CHECK(connection.exec("SHOW search_path").text(0, 0) == R"("a b\c", public)");
  CHECK(connection.exec("SHOW pgpm.empty").text(0, 0).empty());
  connection.exec(
      "SET lock_timeout = 0; SET search_path = x; SET client_encoding = LATIN1; RESET ALL");
  CHECK(connection.exec("SHOW lock_timeout").text(0, 0) == "7s");
  CHECK(connection.exec("SHOW search_path").text(0, 0) == R"("a b\c", public)");
  CHECK(connection.exec("SHOW client_encoding").text(0, 0) == "UTF8");
  CHECK(connection.exec("SHOW application_name").text(0, 0) == "pgpm test");
}

TEST_CASE("settings stand beside PGOPTIONS and the dsn's own options", "[connection]") {
  TestDatabase database;
  setenv("PGOPTIONS", "-c work_mem=1MB", 1);
  setenv("PGCLIENTENCODING", "LATIN1", 1);
  Target target = database.target();
  target.settings = {{"lock_timeout", "7s"}};
  {
    db::Connection connection = db::Connection::open(target);
    CHECK(connection.exec("SHOW work_mem").text(0, 0) == "1MB");
    CHECK(connection.exec("SHOW lock_timeout").text(0, 0) == "7s");
    CHECK(connection.exec("SHOW client_encoding").text(0, 0) == "UTF8");
  }
  target.dsn = with_more(target.dsn, "options=-c%20work_mem%3D2MB", "options='-c work_mem=2MB'");
  db::Connection connection = db::Connection::open(target);
  CHECK(connection.exec("SHOW work_mem").text(0, 0) == "2MB");
  CHECK(connection.exec("SHOW lock_timeout").text(0, 0) == "7s");
  unsetenv("PGOPTIONS");
  unsetenv("PGCLIENTENCODING");
}

TEST_CASE("explicit settings win over the dsn", "[connection]") {
  TestDatabase database;
  Target target = database.target();
  target.dsn = with_more(target.dsn, "dbname=nonexistent&application_name=x",
                         "dbname=nonexistent application_name=x");
  db::Connection connection = db::Connection::open(target);
  CHECK(connection.database() == database.name());
  CHECK(connection.exec("SHOW application_name").text(0, 0) == "pgpm test");
}

TEST_CASE("connections that cannot be made say why and what to do", "[connection]") {
  Target target = test_server();
  target.database = "pgpm_no_such_database";
  const Error database = error_of([&] { db::Connection::open(target); });
  CHECK(database.code() == ErrorCode::connection);
  REQUIRE(database.server());
  CHECK(database.server()->sqlstate == "3D000");
  CHECK(database.server()->message == "database \"pgpm_no_such_database\" does not exist");
  CHECK(database.hint().find("pgpm deploy --createdb") != std::string::npos);
  CHECK(std::string(database.what()).find("LOCATION") == std::string::npos);
  CHECK(std::string(database.what()).find("3D000") == std::string::npos);

  target = test_server();
  target.user = "pgpm_no_such_role";
  const Error role = error_of([&] { db::Connection::open(target); });
  CHECK(role.code() == ErrorCode::connection);
  CHECK(role.server()->sqlstate == "28000");
  CHECK(role.hint().find("CREATE ROLE") != std::string::npos);

  Target nowhere;
  nowhere.host = "/nonexistent";
  const Error refused = error_of([&] { db::Connection::open(nowhere); });
  CHECK(refused.code() == ErrorCode::connection);
  CHECK_FALSE(refused.server());
  CHECK(refused.hint().find("--local") != std::string::npos);
}

TEST_CASE("a role that a script misses is recognised by the server's routine", "[connection]") {
  TestDatabase database;
  database.exec("CREATE TABLE t ()");
  const Error role = error_of([&] { database.exec("GRANT SELECT ON t TO pgpm_no_such_role"); });
  CHECK(role.code() == ErrorCode::sql);
  CHECK(role.hint().find("pgpm admin-users bootstrap --yes") != std::string::npos);
  const Error type = error_of([&] { database.exec("CREATE TABLE u (a no_such_type)"); });
  CHECK(type.server()->sqlstate == "42704");
  CHECK(type.hint().empty());
}

TEST_CASE("no error text holds a password", "[connection]") {
  const char* dsns[] = {
      "postgresql://u:s3cr3t@localhost:1/db",
      "postgresql://u:s3cr3t@localhost:1/db?sslmode=wrong",
      "postgresql://u:pa/s3cr3t@localhost:1/db",
      "postgresql://u:pa@s3cr3t@localhost:1/db",
      "postgresql://u:pa:s3cr3t@localhost:1/db",
      "postgresql://u:%zzs3cr3t@localhost:1/db",
      "host=/nonexistent password=s3cr3t",
      "host=/nonexistent password='s3cr3t",
      "host=/nonexistent password=pa s3cr3t",
      "s3cr3t",
  };
  for (const char* dsn : dsns) {
    CAPTURE(dsn);
    Target target;
    target.dsn = Secret(dsn);
    const Error error = error_of([&] { db::Connection::open(target); });
    CHECK(error.code() == ErrorCode::connection);
    CHECK(std::string(error.what()).find("s3cr3t") == std::string::npos);
    CHECK(error.hint().find("s3cr3t") == std::string::npos);
  }
}

TEST_CASE("a server that never answers is given up on, or interrupted", "[connection]") {
  // A listening socket nobody accepts from.
  char dir[] = "/tmp/pgpm-silent-XXXXXX";
  REQUIRE(mkdtemp(dir) != nullptr);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (std::string(dir) + "/.s.PGSQL.5432").copy(address.sun_path, sizeof address.sun_path - 1);
  const int silent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(bind(silent, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(listen(silent, 5) == 0);
  Target target;
  target.host = dir;
  target.user = target.database = "x";
  const Error late =
      error_of([&] { db::Connection::open(target, {}, std::chrono::milliseconds(50)); });
  CHECK(late.code() == ErrorCode::connection);

  std::stop_source source;
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    source.request_stop();
  });
  const Error stopped = error_of([&] { db::Connection::open(target, source.get_token()); });
  stopper.join();
  CHECK(stopped.code() == ErrorCode::interrupted);
  close(silent);
  std::filesystem::remove_all(dir);
}

TEST_CASE("transaction status and identity are the session's", "[connection]") {
  TestDatabase database;
  db::Connection& connection = database.connection();
  CHECK(connection.transaction_status() == db::TransactionStatus::idle);
  connection.exec("BEGIN");
  CHECK(connection.transaction_status() == db::TransactionStatus::in_transaction);
  CHECK_THROWS_AS(connection.exec("SELECT 1/0"), Error);
  CHECK(connection.transaction_status() == db::TransactionStatus::in_error);
  CHECK(connection.exec("COMMIT").command_tag() == "ROLLBACK");
  CHECK(connection.database() == database.name());
  CHECK(std::to_string(connection.backend_pid()) == database.query_text("SELECT pg_backend_pid()"));
  CHECK(std::to_string(connection.server_version()) ==
        database.query_text("SHOW server_version_num"));
  CHECK(connection.user() == database.query_text("SELECT session_user"));
  CHECK(connection.parameter("server_encoding") == "UTF8");
  CHECK(connection.parameter("no such").empty());
}
