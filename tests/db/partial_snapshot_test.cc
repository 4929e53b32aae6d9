// A snapshot that reads only what moved equals one that reads everything: after each of many random
// changes of the catalog, inside transactions and outside, and for changes whose trace is not where
// one would look for it.
#include "engine/catalog/partial_snapshot.h"

#include <fmt/format.h>

#include <array>
#include <catch2/catch.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/catalog/snapshot.h"
#include "tests/db/catalog_case.h"
#include "tests/support/test_database.h"

namespace pgpm::tests {
namespace {

enum class Looks {
  everywhere,
  where_written,  ///< by the server's counters
};

/// Follows a database, and holds every partial reading against the whole one.
class Follower {
 public:
  explicit Follower(TestDatabase& database, Looks looks = Looks::everywhere)
      : database_(database), now_(catalog::read_whole(database.connection())) {
    if (looks == Looks::where_written) written_ = now_.written();
  }

  void check(const std::string& after) {
    INFO(after);
    const catalog::PartedSnapshot before = now_;
    now_ = catalog::read_moved(database_.connection(), {}, before, written_ ? &*written_ : nullptr);
    if (written_) written_->clear();
    const CatalogSnapshot oracle = catalog::take_snapshot(database_.connection());
    const CatalogSnapshot read = now_.whole();
    CHECK(described(pgpm::difference(oracle, read)) == "");
    CHECK(read.digest == oracle.digest);
    CHECK(catalog::difference(before, now_) == pgpm::difference(before.whole(), oracle));
  }
  void exec(const std::string& sql) {
    run(sql);
    check(sql);
  }
  /// Without a look at what became of it.
  void run(const std::string& sql) {
    if (!written_) return database_.exec(sql);
    written_->note(database_.connection().exec_all(sql + ";" + written_->query()).back());
  }
  /// Whether the server took it; a transaction block survives a failure.
  bool try_to(const std::string& sql) {
    const bool inside = database_.connection().transaction_status() != db::TransactionStatus::idle;
    if (inside) database_.exec("SAVEPOINT try");
    try {
      run(sql);
    } catch (const Error&) {
      if (inside) database_.exec("ROLLBACK TO try");
      return false;
    }
    if (inside) database_.exec("RELEASE try");
    return true;
  }
  const catalog::PartedSnapshot& now() const { return now_; }
  /// Back to what was read before a transaction that was rolled back.
  void restore(catalog::PartedSnapshot snapshot) { now_ = std::move(snapshot); }

 private:
  TestDatabase& database_;
  catalog::PartedSnapshot now_;
  std::optional<catalog::WrittenCatalogs> written_;
};

/// Statements about few objects, so that they meet; many fail, which is fine.
class RandomChange {
 public:
  explicit RandomChange(unsigned seed) : random_(seed) {}

  std::string next() {
    const std::string t = name("t"), u = name("t"), c = name("c"), f = name("f"), v = name("v");
    const std::array statements{
        fmt::format("CREATE TABLE {} (c0 int PRIMARY KEY, c1 text DEFAULT 'x')", t),
        fmt::format("CREATE TABLE {} (c0 serial, c2 int REFERENCES {} ON DELETE CASCADE)", t, u),
        fmt::format("CREATE TABLE {} () INHERITS ({})", t, u),
        fmt::format("DROP TABLE {}", t),
        fmt::format("DROP TABLE {} CASCADE", t),
        fmt::format("ALTER TABLE {} RENAME TO {}", t, u),
        fmt::format("ALTER TABLE {} ADD {} int DEFAULT 3 CHECK ({} > 0)", t, c, c),
        fmt::format("ALTER TABLE {} ADD {} text COLLATE \"C\"", t, c),
        fmt::format("ALTER TABLE {} DROP {} CASCADE", t, c),
        fmt::format("ALTER TABLE {} RENAME {} TO {}", t, c, name("c")),
        fmt::format("ALTER TABLE {} ALTER {} TYPE bigint USING 1", t, c),
        fmt::format("ALTER TABLE {} ALTER {} DROP DEFAULT", t, c),
        fmt::format("ALTER TABLE {} ALTER {} SET DEFAULT {}()", t, c, f),
        fmt::format("ALTER TABLE {} ALTER {} SET NOT NULL", t, c),
        fmt::format("ALTER TABLE {} ALTER {} SET STATISTICS 7", t, c),
        fmt::format("ALTER TABLE {} ADD CONSTRAINT {}_{} UNIQUE ({})", t, t, c, c),
        fmt::format("ALTER TABLE {} DROP CONSTRAINT {}_{} CASCADE", t, t, c),
        fmt::format("ALTER TABLE {} RENAME CONSTRAINT {}_{} TO {}_k", t, t, c, t),
        fmt::format("ALTER TABLE {} SET (fillfactor = 70, toast.autovacuum_enabled = off)", t),
        fmt::format("ALTER TABLE {} RESET (fillfactor, toast.autovacuum_enabled)", t),
        fmt::format("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", t),
        fmt::format("ALTER TABLE {} REPLICA IDENTITY FULL", t),
        fmt::format("ALTER TABLE {} DISABLE TRIGGER ALL", t),
        fmt::format("ALTER TABLE {} SET SCHEMA other", t),
        fmt::format("ALTER TABLE other.{} SET SCHEMA public", t),
        fmt::format("CREATE INDEX {}_i ON {} ({})", t, t, c),
        fmt::format("CREATE INDEX {}_x ON {} (({}() + {}))", t, t, f, c),
        fmt::format("DROP INDEX {}_i", t),
        fmt::format("ALTER INDEX {}_i RENAME TO {}_j", t, t),
        fmt::format("ALTER INDEX {}_x ALTER COLUMN 1 SET STATISTICS 9", t),
        fmt::format("COMMENT ON INDEX {}_i IS 'i'", t),
        fmt::format("COMMENT ON TABLE {} IS 't'", t),
        fmt::format("COMMENT ON TABLE {} IS NULL", t),
        fmt::format("COMMENT ON COLUMN {}.{} IS 'c'", t, c),
        fmt::format("COMMENT ON COLUMN {}.{} IS NULL", t, c),
        fmt::format("COMMENT ON CONSTRAINT {}_pkey ON {} IS 'k'", t, t),
        fmt::format("COMMENT ON CONSTRAINT {}_pkey ON {} IS NULL", t, t),
        fmt::format("COMMENT ON FUNCTION {}() IS 'f'", f),
        fmt::format("COMMENT ON FUNCTION {}() IS NULL", f),
        fmt::format("COMMENT ON TRIGGER g ON {} IS 'g'", t),
        fmt::format("COMMENT ON TRIGGER g ON {} IS NULL", t),
        fmt::format("GRANT SELECT ON {} TO PUBLIC", t),
        fmt::format("REVOKE ALL ON {} FROM PUBLIC", t),
        fmt::format("GRANT SELECT ({}) ON {} TO PUBLIC", c, t),
        fmt::format("REVOKE EXECUTE ON FUNCTION {}() FROM PUBLIC", f),
        fmt::format("ALTER TABLE {} OWNER TO pg_monitor", t),
        fmt::format("CREATE VIEW {} AS SELECT * FROM {}", v, t),
        fmt::format("CREATE OR REPLACE VIEW {} AS SELECT c0, {}() AS n FROM {}", v, f, t),
        fmt::format("CREATE VIEW {} AS SELECT * FROM {} JOIN {} USING (c0)", v, t, u),
        fmt::format("CREATE MATERIALIZED VIEW {} AS SELECT c0 FROM {} WITH NO DATA", v, t),
        fmt::format("REFRESH MATERIALIZED VIEW {}", v),
        fmt::format("DROP VIEW {} CASCADE", v),
        fmt::format("DROP MATERIALIZED VIEW {} CASCADE", v),
        fmt::format("ALTER VIEW {} RENAME TO {}", v, name("v")),
        fmt::format("CREATE FUNCTION {}() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'", f),
        fmt::format("CREATE OR REPLACE FUNCTION {}() RETURNS int LANGUAGE sql IMMUTABLE COST 7 AS "
                    "'SELECT 2'",
                    f),
        fmt::format("CREATE FUNCTION {}({}) RETURNS int LANGUAGE sql AS 'SELECT 3'", f, t),
        fmt::format("CREATE FUNCTION {}(x int DEFAULT {}()) RETURNS int LANGUAGE sql AS 'SELECT 3'",
                    f, name("f")),
        fmt::format("CREATE FUNCTION {}(x int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT "
                    "count(*) FROM {}; END",
                    f, t),
        fmt::format("ALTER FUNCTION {}() RENAME TO {}", f, name("f")),
        fmt::format("DROP FUNCTION {}() CASCADE", f),
        fmt::format("DROP FUNCTION {}(int) CASCADE", f),
        fmt::format("CREATE TRIGGER g BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION "
                    "suppress_redundant_updates_trigger()",
                    t),
        fmt::format("ALTER TRIGGER g ON {} RENAME TO h", t),
        fmt::format("ALTER TABLE {} DISABLE TRIGGER g", t),
        fmt::format("DROP TRIGGER g ON {}", t),
        fmt::format("CREATE POLICY p ON {} USING (c0 > {}())", t, f),
        fmt::format("DROP POLICY p ON {}", t),
        fmt::format("CREATE RULE r AS ON DELETE TO {} DO INSTEAD DELETE FROM {}", t, u),
        fmt::format("DROP RULE r ON {}", t),
        fmt::format("CREATE STATISTICS {}_s ON c0, {} FROM {}", t, c, t),
        fmt::format("DROP STATISTICS {}_s", t),
        fmt::format("CREATE SEQUENCE {}_q OWNED BY {}.c0", t, t),
        fmt::format("ALTER SEQUENCE {}_q INCREMENT 3", t),
        fmt::format("ALTER SEQUENCE {}_q OWNED BY NONE", t),
        fmt::format("ALTER SEQUENCE {}_q OWNED BY {}.c0", t, u),
        fmt::format("CREATE TABLE {} (c0 int) PARTITION BY RANGE (c0)", t),
        fmt::format("CREATE TABLE {} PARTITION OF {} FOR VALUES FROM (1) TO (9)", t, u),
        fmt::format("ALTER TABLE {} DETACH PARTITION {}", u, t),
        fmt::format("CREATE TYPE {}_c AS (a int, b {})", t, u),
        fmt::format("ALTER TYPE {}_c ADD ATTRIBUTE d text", t),
        fmt::format("COMMENT ON TYPE {}_c IS 'x'", t),
        fmt::format("DROP TYPE {}_c", t),
        fmt::format("CREATE DOMAIN {}_d AS int DEFAULT {}()", t, f),
        fmt::format("ALTER DOMAIN {}_d ADD CONSTRAINT dc CHECK (VALUE > {}())", t, f),
        fmt::format("DROP DOMAIN {}_d CASCADE", t),
        fmt::format("ALTER TABLE {} ADD {} {}_d", t, c, u),
        fmt::format("CREATE AGGREGATE {}_a (int) (SFUNC = int4pl, STYPE = int)", t),
        fmt::format("DROP AGGREGATE {}_a (int)", t),
        std::string("CREATE SCHEMA IF NOT EXISTS other"),
        std::string("ALTER SCHEMA other RENAME TO another"),
        std::string("ALTER SCHEMA another RENAME TO other"),
        std::string("CREATE TYPE mood AS ENUM ('sad', 'happy')"),
        std::string("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'"),
        std::string("ALTER TYPE mood RENAME TO temper"),
        fmt::format("ALTER TABLE {} ADD {} mood DEFAULT 'sad'", t, c),
        fmt::format("CREATE PUBLICATION pub FOR TABLE {}", t),
        std::string("DROP PUBLICATION pub"),
        std::string("GRANT SELECT ON pg_catalog.pg_class TO pg_monitor"),
        std::string("REVOKE SELECT ON pg_catalog.pg_class FROM pg_monitor"),
        std::string("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor"),
        fmt::format("CREATE TEMP TABLE {}_temp (c0 int)", t),
        fmt::format("CLUSTER {} USING {}_pkey", t, t),
        fmt::format("ANALYZE {}", t),
        fmt::format("INSERT INTO {} SELECT 1", t),
        fmt::format("TRUNCATE {} CASCADE", t),
        std::string("DISCARD PLANS"),
        std::string("DEALLOCATE ALL"),
    };
    return statements[below(statements.size())];
  }

  std::size_t below(std::size_t end) { return random_() % end; }

 private:
  std::string name(const char* prefix) { return fmt::format("{}{}", prefix, below(4)); }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("a partial snapshot equals the whole one after random changes") {
  constexpr int wanted = 120;
  const unsigned seed = GENERATE(1U, 2U, 3U);
  const Looks looks = GENERATE(Looks::everywhere, Looks::where_written);
  INFO("seed " << seed);
  TestDatabase database;
  database.exec("CREATE SCHEMA other; SET client_min_messages = error");
  RandomChange random(seed);
  Follower follower(database, looks);
  int taken = 0;
  while (taken < wanted) {
    const catalog::PartedSnapshot before = follower.now();
    const bool inside = random.below(3) == 0;
    const bool undone = inside && random.below(2) == 0;
    if (inside) database.exec("BEGIN");
    for (std::size_t more = 1 + random.below(3); more > 0; --more) {
      const std::string sql = random.next();
      if (!follower.try_to(sql)) continue;
      ++taken;
      follower.check(sql);
    }
    if (!inside) continue;
    follower.run(undone ? "ROLLBACK" : "COMMIT");
    if (undone) follower.restore(before);
    follower.check(undone ? "ROLLBACK" : "COMMIT");
  }
}

TEST_CASE("what another object is called shows in those that name it") {
  TestDatabase database;
  database.exec(
      "CREATE TABLE a (id int PRIMARY KEY, n int); CREATE TABLE b (a int REFERENCES a, id int);"
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';"
      "CREATE TABLE c (x int DEFAULT f(), CHECK (x > f())); CREATE INDEX c_x ON c ((x + f()));"
      "CREATE VIEW v AS SELECT * FROM a JOIN b USING (id); CREATE VIEW w AS SELECT * FROM v;"
      "CREATE POLICY p ON c USING (x IN (SELECT n FROM a));"
      "CREATE FUNCTION g(a) RETURNS SETOF b LANGUAGE sql AS 'SELECT null::int, 1';"
      "CREATE SEQUENCE s OWNED BY a.n; CREATE TABLE d (k int DEFAULT nextval('s'));"
      "CREATE FUNCTION h() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TRIGGER t BEFORE INSERT ON c FOR EACH ROW EXECUTE FUNCTION h();"
      "CREATE DOMAIN dom AS int DEFAULT f(); CREATE PUBLICATION pub FOR TABLE a;"
      "CREATE AGGREGATE agg (int) (SFUNC = int4pl, STYPE = int)");
  Follower follower(database);
  for (const char* change :
       {"ALTER TABLE a RENAME id TO id2", "ALTER TABLE a RENAME TO a2",
        "ALTER FUNCTION f() RENAME TO f2", "ALTER TABLE a2 RENAME CONSTRAINT a_pkey TO a2_key",
        "ALTER SEQUENCE s RENAME TO s2", "ALTER FUNCTION h() RENAME TO h2",
        "ALTER TABLE a2 ADD a int", "ALTER VIEW v RENAME TO v2", "ALTER TABLE b RENAME TO b2",
        "CREATE SCHEMA x", "ALTER TABLE a2 SET SCHEMA x", "ALTER SCHEMA x RENAME TO y",
        "DROP TABLE y.a2 CASCADE"})
    follower.exec(change);
}

TEST_CASE("what goes without touching anything else is missed by nobody") {
  TestDatabase database;
  database.exec(
      "CREATE TABLE t (id int, x text DEFAULT 'a', CONSTRAINT u UNIQUE (x));"
      "CREATE INDEX i ON t (id); CREATE POLICY p ON t; CREATE RULE r AS ON DELETE TO t DO NOTHING;"
      "CREATE STATISTICS s ON id, x FROM t; COMMENT ON COLUMN t.x IS 'x'; COMMENT ON TABLE t IS "
      "'t';"
      "COMMENT ON CONSTRAINT u ON t IS 'u'; COMMENT ON INDEX i IS 'i'; COMMENT ON POLICY p ON t IS "
      "'p';"
      "COMMENT ON STATISTICS s IS 's'; CREATE SEQUENCE q OWNED BY t.id;"
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMENT ON FUNCTION f() IS 'f'");
  Follower follower(database);
  for (const char* change :
       {"COMMENT ON COLUMN t.x IS NULL", "COMMENT ON TABLE t IS NULL",
        "COMMENT ON CONSTRAINT u ON t IS NULL", "COMMENT ON INDEX i IS NULL",
        "COMMENT ON POLICY p ON t IS NULL", "COMMENT ON STATISTICS s IS NULL",
        "COMMENT ON FUNCTION f() IS NULL", "DROP POLICY p ON t", "DROP RULE r ON t",
        "DROP STATISTICS s", "DROP INDEX i", "ALTER TABLE t DROP CONSTRAINT u",
        "ALTER SEQUENCE q OWNED BY NONE", "ALTER TABLE t ALTER x DROP DEFAULT", "DROP FUNCTION f()",
        "DROP TABLE t", "DEALLOCATE ALL", "DISCARD ALL"})
    follower.exec(change);
}

TEST_CASE("the counters show what is written when a transaction ends") {
  TestDatabase database;
  database.exec(
      "CREATE TABLE t (id int);"
      "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
      "  COMMENT ON FUNCTION late() IS 'late'; CREATE ROLE made_late; DROP ROLE made_late;"
      "  CREATE TYPE mood AS ENUM ('sad'); RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED"
      "  FOR EACH ROW EXECUTE FUNCTION late()");
  Follower follower(database, Looks::where_written);
  follower.exec("BEGIN; INSERT INTO t VALUES (1); COMMIT");
  follower.exec("SET search_path = nowhere; COMMENT ON TABLE public.t IS 't'; RESET search_path");
}

TEST_CASE("without counters everything is looked at") {
  TestDatabase database;
  Follower follower(database, Looks::where_written);
  follower.exec("SET track_counts = off; CREATE TABLE t (id int)");
}

TEST_CASE("nobody but a superuser reads all of the catalog, so others read it as a whole") {
  TestDatabase database;
  const std::string role = "reader_of_" + database.name();
  database.exec("CREATE ROLE " + role + "; CREATE SCHEMA mine AUTHORIZATION " + role);
  database.exec("SET ROLE " + role);
  Follower follower(database);
  follower.exec("CREATE TABLE mine.t (id int)");
  follower.exec("COMMENT ON TABLE mine.t IS 't'");
  database.exec("RESET ROLE; DROP OWNED BY " + role + "; DROP ROLE " + role);
}

}  // namespace pgpm::tests
