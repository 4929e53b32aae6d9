#include "engine/sql/statement_kind.h"

#include <catch2/catch.hpp>
#include <string>

namespace pgpm::tests {

using sql::Statement;
using sql::TransactionVerb;

TEST_CASE("Statements that refuse transactions are recognised", "[sql]") {
  const std::string_view refusing[] = {
      "CREATE INDEX CONCURRENTLY i ON t (a)",
      "create unique index concurrently if not exists i on t (a)",
      "CREATE /* x */ INDEX -- y\n CONCURRENTLY i ON t (a)",
      "DROP INDEX CONCURRENTLY i",
      "DROP INDEX CONCURRENTLY IF EXISTS i",
      "REINDEX INDEX CONCURRENTLY i",
      "REINDEX TABLE CONCURRENTLY t",
      "REINDEX (CONCURRENTLY) TABLE t",
      "REINDEX (VERBOSE, CONCURRENTLY) INDEX i",
      "REINDEX (CONCURRENTLY TRUE) INDEX i",
      "REINDEX (CONCURRENTLY on, VERBOSE) INDEX i",
      "REINDEX (VERBOSE) INDEX CONCURRENTLY i",
      "REINDEX SCHEMA s",
      "REINDEX SCHEMA CONCURRENTLY s",
      "REINDEX DATABASE d",
      "REINDEX DATABASE",
      "REINDEX (VERBOSE) SYSTEM d",
      "VACUUM",
      "VACUUM t",
      "VACUUM (FULL, ANALYZE) t",
      "vacuum full t",
      "VACUUM ANALYZE",
      "CREATE DATABASE d",
      "CREATE DATABASE d TEMPLATE x",
      "DROP DATABASE d",
      "DROP DATABASE IF EXISTS d WITH (FORCE)",
      "ALTER DATABASE d SET TABLESPACE s",
      "ALTER DATABASE \"a b\" SET TABLESPACE s",
      "ALTER DATABASE d TABLESPACE s",
      "ALTER DATABASE d WITH TABLESPACE s",
      "CREATE TABLESPACE s LOCATION '/x'",
      "DROP TABLESPACE IF EXISTS s",
      "ALTER SYSTEM SET work_mem = '1MB'",
      "ALTER SYSTEM RESET ALL",
      "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
      "ALTER TABLE IF EXISTS ONLY a.t DETACH PARTITION a.p CONCURRENTLY",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (enabled = false)",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = true, connect = "
      "true)",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot)",
      "DROP SUBSCRIPTION s",
      "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
      "ALTER SUBSCRIPTION s REFRESH PUBLICATION WITH (copy_data = false)",
      "ALTER SUBSCRIPTION s SET PUBLICATION p",
      "ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (refresh = true)",
      "ALTER SUBSCRIPTION s DROP PUBLICATION p",
      "ALTER SUBSCRIPTION s SET (failover = true)",
      "ALTER SUBSCRIPTION s SET (two_phase = false)",
      "CLUSTER",
      "CLUSTER VERBOSE",
      "CLUSTER (VERBOSE)",
      "DISCARD ALL",
  };
  for (const std::string_view statement : refusing) {
    CAPTURE(statement);
    CHECK(sql::refuses_transaction(statement));
  }
}

TEST_CASE("Others are left in the transaction", "[sql]") {
  const std::string_view willing[] = {
      "",
      "SELECT 1",
      "CREATE INDEX i ON t (concurrently)",
      "CREATE INDEX \"concurrently\" ON t (a)",
      "CREATE UNIQUE INDEX i ON t (a)",
      "CREATE TABLE index (concurrently int)",
      "DROP INDEX i",
      "REINDEX INDEX i",
      "REINDEX TABLE \"concurrently\"",
      "REINDEX (CONCURRENTLY false) TABLE t",
      "REINDEX (VERBOSE, CONCURRENTLY off) TABLE t",
      "REINDEX (CONCURRENTLY 0) TABLE t",
      "REINDEX (CONCURRENTLY 'false') TABLE t",
      "REINDEX (VERBOSE) TABLE t",
      "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
      "ANALYZE",
      "ALTER DATABASE d SET work_mem = '1MB'",
      "ALTER DATABASE d OWNER TO o",
      "ALTER DATABASE d RENAME TO tablespace_x",
      "ALTER DATABASE tablespace SET x = 1",
      "ALTER TABLE t DETACH PARTITION p",
      "ALTER TABLE t DETACH PARTITION p FINALIZE",
      "ALTER TABLE t ADD COLUMN concurrently int",
      "ALTER TABLE t RENAME COLUMN detach TO concurrently_x",
      "ALTER TABLE t SET TABLESPACE s",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false)",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (enabled = false, create_slot = "
      "false)",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot off, slot_name = NONE)",
      "CREATE SUBSCRIPTION s CONNECTION 'create_slot' PUBLICATION p WITH (create_slot = 'off')",
      "ALTER SUBSCRIPTION s ENABLE",
      "ALTER SUBSCRIPTION s DISABLE",
      "ALTER SUBSCRIPTION s SET (slot_name = NONE)",
      "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)",
      "ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (copy_data = true, refresh = off)",
      "ALTER SUBSCRIPTION s CONNECTION 'x'",
      "CLUSTER t",
      "CLUSTER t USING i",
      "CLUSTER VERBOSE t",
      "CLUSTER (VERBOSE) t",
      "DISCARD TEMP",
      "ALTER TYPE e ADD VALUE 'x'",
      "CALL p()",
      "DO $$ BEGIN COMMIT; END $$",
      "EXPLAIN VACUUM",
      "\"vacuum\"",
      "COMMENT ON DATABASE d IS 'VACUUM'",
      "REINDEX (",
      "ALTER DATABASE",
  };
  for (const std::string_view statement : willing) {
    CAPTURE(statement);
    CHECK_FALSE(sql::refuses_transaction(statement));
  }
}

TEST_CASE("Refusals have names for messages", "[sql]") {
  CHECK(sql::refusal_name("create unique index concurrently i on t (a)") ==
        "CREATE INDEX CONCURRENTLY");
  CHECK(sql::refusal_name("reindex (concurrently) table t") == "REINDEX CONCURRENTLY");
  CHECK(sql::refusal_name("SELECT 1").empty());
}

TEST_CASE("Kinds of statements", "[sql]") {
  using Kind = Statement::Kind;
  struct Case {
    std::string_view statement;
    Kind kind;
  };
  const Case cases[] = {
      {"SELECT 1", Kind::ordinary},
      {"COPY t FROM STDIN", Kind::copy_in},
      {"copy t(\"from\") from stdin", Kind::copy_in},
      {"COPY t TO STDOUT", Kind::copy_out},
      {"COPY (SELECT a FROM stdin) TO STDOUT WITH CSV", Kind::copy_out},
      {"COPY (SELECT a FROM b) TO '/x'", Kind::ordinary},
      {"COPY t FROM '/x'", Kind::ordinary},
      {"COPY stdin FROM '/x'", Kind::ordinary},
      {"COPY t FROM \"stdin\"", Kind::ordinary},
      {"BEGIN", Kind::transaction},
      {"PREPARE x AS SELECT 1", Kind::ordinary},
      {"PREPARE transaction AS SELECT 1", Kind::ordinary},
      {"START x", Kind::ordinary},
      {"SET TRANSACTION READ ONLY", Kind::ordinary},
      {"DECLARE c CURSOR FOR SELECT 1", Kind::ordinary},
      {"\"commit\"", Kind::ordinary},
      {"", Kind::ordinary},
  };
  for (const Case& c : cases) {
    CAPTURE(c.statement);
    CHECK(sql::statement_kind(c.statement) == c.kind);
  }
}

TEST_CASE("Transaction statements", "[sql]") {
  using Verb = TransactionVerb;
  struct Case {
    std::string_view statement;
    Verb verb;
    std::string_view savepoint = {}, modes = {};
  };
  const Case cases[] = {
      {"BEGIN", Verb::begin},
      {"begin work", Verb::begin},
      {"BEGIN TRANSACTION", Verb::begin},
      {"BEGIN ISOLATION LEVEL SERIALIZABLE", Verb::begin, {}, "ISOLATION LEVEL SERIALIZABLE"},
      {"START TRANSACTION READ ONLY, DEFERRABLE", Verb::begin, {}, "READ ONLY, DEFERRABLE"},
      {"START TRANSACTION", Verb::begin},
      {"COMMIT", Verb::commit},
      {"COMMIT WORK", Verb::commit},
      {"COMMIT TRANSACTION AND NO CHAIN", Verb::commit},
      {"COMMIT AND CHAIN", Verb::chain},
      {"END", Verb::commit},
      {"END WORK AND CHAIN", Verb::chain},
      {"ROLLBACK", Verb::rollback},
      {"ABORT TRANSACTION", Verb::rollback},
      {"ROLLBACK AND CHAIN", Verb::chain},
      {"ROLLBACK TO s", Verb::savepoint, "s"},
      {"ROLLBACK WORK TO SAVEPOINT \"S\"", Verb::savepoint, "\"S\""},
      {"SAVEPOINT s", Verb::savepoint, "s"},
      {"RELEASE s", Verb::savepoint, "s"},
      {"RELEASE SAVEPOINT s", Verb::savepoint, "s"},
      {"PREPARE TRANSACTION 'x'", Verb::two_phase},
      {"COMMIT PREPARED 'x'", Verb::two_phase},
      {"ROLLBACK PREPARED 'x'", Verb::two_phase},
      {"SELECT 1", Verb::none},
      {"PREPARE transaction AS SELECT 1", Verb::none},
      {"START", Verb::none},
  };
  for (const Case& c : cases) {
    CAPTURE(c.statement);
    const sql::TransactionStatement found = sql::transaction_statement(c.statement);
    CHECK(found.verb == c.verb);
    CHECK(found.savepoint == c.savepoint);
    CHECK(found.modes == c.modes);
  }
}

}  // namespace pgpm::tests
