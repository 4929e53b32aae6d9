// Batches on a real server: where errors are shown, what is committed, COPY, interrupts, lost
// connections. What a message looks like is tested without a server, in unit/db.
#include "engine/db/batch.h"

#include <catch2/catch.hpp>
#include <string>
#include <thread>

#include "tests/support/test_database.h"

using namespace pgpm;
using pgpm::tests::TestDatabase;

namespace {

std::shared_ptr<const sql::Script> script(std::string text) {
  return sql::Script::parse("deploy/x.sql", std::move(text));
}

// BEGIN, one script, a ledger row, COMMIT: what a change looks like.
db::Batch one_change(std::string text) {
  db::Batch batch;
  batch.add("BEGIN", 0);
  batch.add_script(script(std::move(text)), 0);
  batch.add("INSERT INTO ledger VALUES ('x')", 0);
  batch.add_commit(0);
  return batch;
}

struct Ran {
  std::optional<db::BatchFailure> failure;
  std::vector<std::size_t> done;
};

Ran run(TestDatabase& database, const db::Batch& batch) {
  Ran ran;
  ran.failure = db::run_batch(database.connection(), batch,
                              [&](std::size_t index) { ran.done.push_back(index); });
  return ran;
}

Ran run_change(TestDatabase& database, std::string text) {
  database.exec("CREATE TABLE IF NOT EXISTS ledger (change text)");
  return run(database, one_change(std::move(text)));
}

void roll_back(TestDatabase& database) {
  const db::StopMask mask(database.connection());
  database.exec("ROLLBACK");
}

void when_active(const TestDatabase& database, int pid, const std::string& act) {
  db::Connection other = database.connect();
  const std::string who =
      " FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep' AND pid = " +
      std::to_string(pid);
  while (other.exec("SELECT count(*)" + who).integer(0, 0) == 0) std::this_thread::yield();
  if (!act.empty()) other.exec("SELECT " + act + "(pid)" + who);
}

}  // namespace

TEST_CASE("a batch runs and tells of each fragment as it completes", "[batch]") {
  TestDatabase database;
  const Ran ran = run_change(database, "CREATE TABLE a ();\nCREATE TABLE b ();\n");
  CHECK_FALSE(ran.failure);
  CHECK(ran.done == std::vector<std::size_t>{0, 1, 2, 3});
  CHECK(database.query_text("SELECT change FROM ledger") == "x");
  CHECK(database.connection().transaction_status() == db::TransactionStatus::idle);
}

TEST_CASE("an error with a position is shown where the author wrote it", "[batch]") {
  TestDatabase database;
  const Ran ran = run_change(database,
                             "-- Ünïcödé 日本語\r\n"
                             "CREATE TABLE a ();\r\n"
                             "SELECT 'ä€😀', nosuch\r\n"
                             "  FROM a;\r\n");
  REQUIRE(ran.failure);
  CHECK(ran.done == std::vector<std::size_t>{0});
  CHECK(ran.failure->fragment == 1);
  CHECK(ran.failure->statement == 1);
  CHECK(ran.failure->message.sqlstate == "42703");
  REQUIRE(ran.failure->where);
  CHECK(ran.failure->where->to_string() == "deploy/x.sql:3:15");
  CHECK(ran.failure->source_line == "SELECT 'ä€😀', nosuch");
  CHECK_FALSE(ran.failure->lost_connection);
  CHECK(database.connection().transaction_status() == db::TransactionStatus::in_error);
  roll_back(database);
  CHECK(database.query_text("SELECT to_regclass('a') IS NULL, count(*) FROM ledger") == "t|0");
}

TEST_CASE("a byte order mark is not sent and not counted", "[batch]") {
  TestDatabase database;
  const Ran ran = run_change(database, "\xEF\xBB\xBFSELECT 1;\nSELECT nosuch;");
  REQUIRE(ran.failure);
  CHECK(ran.failure->where->to_string() == "deploy/x.sql:2:8");
}

TEST_CASE("an error without a position is shown at its statement", "[batch]") {
  TestDatabase database;
  const Ran ran =
      run_change(database, "SELECT 1; ; ;\n\n  /* twelve */ SELECT 12 /\n 0;\nSELECT 2;\n");
  REQUIRE(ran.failure);
  CHECK(ran.failure->statement == 1);
  CHECK(ran.failure->message.sqlstate == "22012");
  CHECK(ran.failure->where->to_string() == "deploy/x.sql:3:16");
}

TEST_CASE("an error inside a function is shown at the statement that called it", "[batch]") {
  TestDatabase database;
  const Ran ran =
      run_change(database, "SELECT 1;\nDO $$\nBEGIN\n  EXECUTE 'SELECT nosuch';\nEND $$;\n");
  REQUIRE(ran.failure);
  CHECK(ran.failure->where->to_string() == "deploy/x.sql:2:1");
  CHECK(ran.failure->message.internal_query == "SELECT nosuch");
  CHECK_FALSE(ran.failure->message.context.empty());
}

TEST_CASE("a syntax error fails the whole message and names its fragment", "[batch]") {
  TestDatabase database;
  database.exec("CREATE TABLE ledger (change text)");
  db::Batch batch;
  batch.add_script(script("CREATE TABLE first ();"), 0);
  batch.add("INSERT INTO ledger VALUES ('first')", 0);
  batch.add_script(script("CREATE TABLE second (;\n"), 1);
  const Ran ran = run(database, batch);
  REQUIRE(ran.failure);
  CHECK(ran.done.empty());
  CHECK(ran.failure->fragment == 2);
  CHECK(batch.fragments()[ran.failure->fragment].label == 1);
  CHECK(ran.failure->where->to_string() == "deploy/x.sql:1:22");
  CHECK(database.query_text("SELECT to_regclass('first') IS NULL") == "t");
}

TEST_CASE("a script that ends too soon is shown at its end, not in what follows", "[batch]") {
  TestDatabase database;
  const Ran ran = run_change(database, "SELECT 1;\nCREATE TABLE a (b int\n-- forgot something\n");
  REQUIRE(ran.failure);
  CHECK(ran.failure->fragment == 1);
  CHECK(ran.failure->message.sqlstate == "42601");
  CHECK(ran.failure->where->to_string() == "deploy/x.sql:2:22");
}

TEST_CASE("a script may end without a semicolon or in a comment", "[batch]") {
  TestDatabase database;
  CHECK_FALSE(run_change(database, "CREATE TABLE a ()").failure);
  CHECK_FALSE(run_change(database, "CREATE TABLE b () -- done").failure);
  CHECK_FALSE(run_change(database, "-- nothing at all").failure);
  CHECK_FALSE(run_change(database, "").failure);
  CHECK(database.query_text("SELECT count(*) FROM ledger") == "4");
}

TEST_CASE("the scripts' own outer transaction does not end ours", "[batch]") {
  TestDatabase database;
  const Ran ran = run_change(database, "BEGIN;\nCREATE TABLE a ();\nSELECT 1/0;\nCOMMIT;\n");
  REQUIRE(ran.failure);
  CHECK(ran.failure->where->line == 3);
  roll_back(database);
  CHECK(database.query_text("SELECT to_regclass('a') IS NULL") == "t");
}

TEST_CASE("a script that ends the transaction is found out", "[batch]") {
  TestDatabase database;
  const Ran ran = run_change(database, "CREATE TABLE a ();\nCOMMIT;\nCREATE TABLE b ();\n");
  REQUIRE(ran.failure);
  CHECK(ran.failure->fragment == 1);
  CHECK(ran.failure->message.sqlstate == "2D000");
  CHECK(ran.failure->where->line == 2);
  const Ran other =
      run_change(database, "SAVEPOINT s;\nCREATE TABLE c ();\nROLLBACK TO SAVEPOINT s;\n");
  CHECK_FALSE(other.failure);
}

TEST_CASE("a deferred constraint fails the commit", "[batch]") {
  TestDatabase database;
  database.exec(
      "CREATE TABLE p (a int PRIMARY KEY); "
      "CREATE TABLE c (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED)");
  const Ran ran = run_change(database, "INSERT INTO c VALUES (1);");
  REQUIRE(ran.failure);
  CHECK(ran.failure->fragment == 3);
  CHECK(ran.failure->message.sqlstate == "23503");
  CHECK_FALSE(ran.failure->not_committed);
  CHECK_FALSE(ran.failure->where);
  CHECK(ran.done == std::vector<std::size_t>{0, 1, 2});
  CHECK(database.query_text("SELECT count(*) FROM ledger") == "0");
}

TEST_CASE("a commit that is answered with ROLLBACK did not commit", "[batch]") {
  TestDatabase database;
  database.exec("BEGIN");
  CHECK_THROWS_AS(database.exec("SELECT 1/0"), Error);
  db::Batch batch;
  batch.add_commit(0);
  const Ran ran = run(database, batch);
  REQUIRE(ran.failure);
  CHECK(ran.failure->not_committed);
  CHECK(ran.done.empty());
}

TEST_CASE("COPY data of a script is loaded", "[batch]") {
  TestDatabase database;
  std::string text = "CREATE TABLE t (a int, b text);\nCOPY t FROM STDIN;\n";
  for (int i = 0; i < 50000; ++i) text += std::to_string(i) + "\tzeile ä\\n\n";
  text +=
      "\\.\nCREATE TABLE u (a text);\nCOPY u FROM STDIN WITH (FORMAT csv);\n\"a,b\"\n\\.\nSELECT "
      "count(*) FROM u;\n";
  const Ran ran = run_change(database, text);
  CHECK_FALSE(ran.failure);
  CHECK(database.query_text("SELECT count(*), max(a), min(b) FROM t") == "50000|49999|zeile ä\n");
  CHECK(database.query_text("SELECT a FROM u") == "a,b");
}

TEST_CASE("an error in COPY data is shown at its line", "[batch]") {
  TestDatabase database;
  const Ran ran = run_change(
      database,
      "CREATE TABLE t (a int);\nCOPY t (a) FROM STDIN;\n1\n2\nthree\n4\n\\.\nSELECT 1;\n");
  REQUIRE(ran.failure);
  CHECK(ran.failure->statement == 1);
  CHECK(ran.failure->message.sqlstate == "22P02");
  CHECK(ran.failure->where->to_string() == "deploy/x.sql:5");
  CHECK(ran.failure->source_line == "three");
  roll_back(database);
  CHECK(database.query_text("SELECT 'usable'") == "usable");
}

TEST_CASE("COPY TO STDOUT of a script is read and dropped", "[batch]") {
  TestDatabase database;
  CHECK_FALSE(
      run_change(database,
                 "CREATE TABLE t AS SELECT repeat('x', 1000) FROM generate_series(1, 5000);\n"
                 "COPY t TO STDOUT;\nSELECT 1;\n")
          .failure);
}

TEST_CASE("an unexpected COPY in the engine's SQL fails and does not hang", "[batch]") {
  TestDatabase database;
  database.exec("CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 10000)");
  db::Batch in;
  in.add("COPY t FROM STDIN", 0);
  CHECK(run(database, in).failure);
  db::Batch out;
  out.add("COPY t TO STDOUT", 0);
  CHECK(run(database, out).failure);
  CHECK(database.query_text("SELECT count(*) FROM t") == "10000");
}

TEST_CASE("a huge result of a script is not kept", "[batch]") {
  TestDatabase database;
  CHECK_FALSE(run_change(database, "SELECT g, repeat('x', 100) FROM generate_series(1, 300000) g;")
                  .failure);
}

TEST_CASE("a script bigger than a message is sent in parts", "[batch]") {
  TestDatabase database;
  std::string text = "CREATE TABLE t (a text);\n";
  const std::string row = "INSERT INTO t VALUES ('" + std::string(1000, 'x') + "');\n";
  for (int i = 0; i < 3000; ++i) text += row;
  CHECK_FALSE(run_change(database, text).failure);
  CHECK(database.query_text("SELECT count(*) FROM t") == "3000");

  text += "SELECT 1;\nSELECT wrong;\n";
  text.replace(0, 12, "CREATE TEMP ");
  text.insert(12, "TABLE ");
  const Ran ran = run_change(database, text);
  REQUIRE(ran.failure);
  CHECK(ran.failure->statement == 3002);
  CHECK(ran.failure->where->line == 3003);
}

TEST_CASE("statements that refuse transactions run one by one", "[batch]") {
  TestDatabase database;
  database.exec("CREATE TABLE t (a int)");
  const auto indexes = script(
      "CREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM t;\nCREATE UNIQUE INDEX CONCURRENTLY j ON t "
      "(b);\n");
  db::Batch batch;
  batch.add_script(indexes, 0);
  const Ran ran = run(database, batch);
  REQUIRE(ran.failure);
  CHECK(ran.failure->statement == 2);
  CHECK(ran.failure->where->line == 3);
  CHECK(database.query_text(
            "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 't'::regclass") == "i");
  db::Batch rest;
  rest.add_statement(indexes, 1, 0);
  CHECK_FALSE(run(database, rest).failure);
}

TEST_CASE("a stop cancels a batch and leaves the session to be rolled back", "[batch]") {
  TestDatabase database;
  database.exec("CREATE TABLE ledger (change text)");
  std::stop_source source;
  database.connection().set_stop(source.get_token());
  std::thread stopper([&, pid = database.connection().backend_pid()] {
    when_active(database, pid, "");
    source.request_stop();
  });
  const Ran ran = run(database, one_change("CREATE TABLE a ();\nSELECT pg_sleep(1000);\n"));
  stopper.join();
  REQUIRE(ran.failure);
  CHECK(ran.failure->interrupted);
  CHECK(ran.failure->statement == 1);
  CHECK(ran.failure->message.sqlstate == "57014");
  const Ran again = run(database, one_change("SELECT 1"));
  REQUIRE(again.failure);
  CHECK(again.failure->interrupted);
  roll_back(database);
  database.connection().set_stop({});
  CHECK(database.query_text("SELECT to_regclass('a') IS NULL") == "t");
}

TEST_CASE("a stop ends the feeding of COPY data", "[batch]") {
  TestDatabase database;
  database.exec(
      "CREATE TABLE t (a text); CREATE TABLE ledger (change text); "
      "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN PERFORM pg_sleep(1000); RETURN NEW; END $$; "
      "CREATE TRIGGER slow BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION slow()");
  std::string text = "COPY t FROM STDIN;\n";
  for (int i = 0; i < 20000; ++i) text += std::string(200, 'x') + "\n";
  text += "\\.\n";
  std::stop_source source;
  database.connection().set_stop(source.get_token());
  std::thread stopper([&, pid = database.connection().backend_pid()] {
    when_active(database, pid, "");
    source.request_stop();
  });
  const Ran ran = run(database, one_change(text));
  stopper.join();
  REQUIRE(ran.failure);
  CHECK(ran.failure->interrupted);
  database.connection().set_stop({});
  roll_back(database);
  CHECK(database.query_text("SELECT count(*) FROM t") == "0");
}

TEST_CASE("a session that is terminated in the middle of a batch is reported as lost", "[batch]") {
  TestDatabase database;
  database.exec("CREATE TABLE ledger (change text)");
  db::Connection victim = database.connect();
  std::thread killer(
      [&, pid = victim.backend_pid()] { when_active(database, pid, "pg_terminate_backend"); });
  std::vector<std::size_t> done;
  const auto failure =
      db::run_batch(victim, one_change("CREATE TABLE a ();\nSELECT pg_sleep(1000);\n"),
                    [&](std::size_t index) { done.push_back(index); });
  killer.join();
  REQUIRE(failure);
  CHECK(failure->lost_connection);
  CHECK(failure->fragment == 1);
  CHECK(failure->where->line == 2);
  CHECK_FALSE(victim.alive());
  const auto again = db::run_batch(victim, one_change("SELECT 1"));
  REQUIRE(again);
  CHECK(again->lost_connection);
  CHECK(database.query_text("SELECT to_regclass('a') IS NULL, count(*) FROM ledger") == "t|0");
}

TEST_CASE("what was committed before an error in the same message stays", "[batch]") {
  TestDatabase database;
  database.exec("CREATE TABLE ledger (change text)");
  db::Batch batch = one_change("CREATE TABLE a ();");
  batch.add("BEGIN", 1);
  batch.add_script(script("SELECT 1/0;"), 1);
  batch.add_commit(1);
  const Ran ran = run(database, batch);
  REQUIRE(ran.failure);
  CHECK(ran.failure->fragment == 5);
  CHECK(ran.done == std::vector<std::size_t>{0, 1, 2, 3, 4});
  roll_back(database);
  CHECK(database.query_text("SELECT to_regclass('a') IS NOT NULL, count(*) FROM ledger") == "t|1");
}

TEST_CASE("a throwing listener does not leave the connection in the middle", "[batch]") {
  TestDatabase database;
  database.exec("CREATE TABLE ledger (change text)");
  const auto stop_listening = [](std::size_t) { throw std::runtime_error("stdout is gone"); };
  CHECK_THROWS_AS(
      db::run_batch(database.connection(), one_change("SELECT 1; SELECT 2"), stop_listening),
      std::runtime_error);
  CHECK(database.query_text("SELECT 'usable'") == "usable");
}
