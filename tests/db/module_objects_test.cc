// Managed objects of modules where the command line does not show it: locks that are missed,
// scripts that set things, rights, and what is left when something goes wrong.
#include <catch2/catch.hpp>

#include <functional>
#include <optional>

#include "tests/db/ledger_database.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

constexpr const char* item_sql = "CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL);";

/// A module with a table, and a view of it that is deployed.
class Shop : public Workshop {
 public:
  Shop() {
    write_plan({});
    write("packages/m/objects/names.sql", "CREATE VIEW names AS SELECT name FROM item;");
    deploy();
    number_ = number();
  }

  void write_plan(std::vector<ScriptedChange> more) {
    more.insert(more.begin(), {"item", item_sql, "DROP TABLE item CASCADE;", "TABLE item;"});
    add_module("m", more);
  }
  std::string number() { return query("SELECT 'names'::regclass::oid"); }
  bool was_made_anew() { return number() != number_; }
  std::string recorded() {
    return query(
        "SELECT string_agg(kind || ' ' || identity, ', ' ORDER BY identity)"
        " FROM pgpm_migrate.managed_objects WHERE module = 'm'");
  }

 private:
  std::string number_;
};

constexpr const char* widen_sql = "ALTER TABLE item ALTER COLUMN name TYPE varchar(50);";

std::string steps_of(const RecordingObserver& observer) {
  std::string text;
  for (const ObjectHandled& each : observer.all<ObjectHandled>())
    text += (text.empty() ? "" : ", ") + each.act + " " + each.kind + " " + each.name;
  return text;
}

}  // namespace

TEST_CASE("what is dropped for a change is back if a later one fails", "[module_objects]") {
  Shop shop;
  shop.write_plan({{"wider", widen_sql, "SELECT 1;", "TABLE item;"},
                   {"broken", "SELECT 1/0;", "SELECT 1;", "TABLE item;"}});
  const Error error = error_of([&] { shop.deploy(); });
  CHECK(error.code() == ErrorCode::sql);
  REQUIRE(error.where());
  CHECK_THAT(error.where()->to_string(), Catch::EndsWith("deploy/broken.sql:1:1"));
  CHECK(error.database_state() == "nothing was changed");
  CHECK_FALSE(shop.was_made_anew());
  CHECK(shop.deployed() == "m:item");
  CHECK_THAT(shop.events(), Catch::Contains("m:broken 22012"));
}

TEST_CASE("a change that misses a lock begins again with the objects it had dropped",
          "[module_objects]") {
  Shop shop;
  shop.query("CREATE TABLE public.busy (id int)");
  shop.write_plan({{"wider", widen_sql, "SELECT 1;", "TABLE item;"},
                   {"busy", "ALTER TABLE public.busy ADD x int;", "SELECT 1;", "TABLE item;"}});
  std::optional<db::Connection> holder = db::Connection::open(shop.target());
  holder->exec("BEGIN; LOCK TABLE public.busy");
  DeployOptions options;
  options.lock_timeout = "200ms";
  options.retry_for = std::chrono::minutes(10);
  RecordingObserver observer;
  observer.act = [&](const Event& event) {
    if (std::holds_alternative<LockMissed>(event)) holder.reset();
  };
  CHECK(pgpm::deploy(shop.load(), shop.target(), options, observer, {}).done == 2);
  CHECK(observer.all<LockMissed>().size() == 1);
  CHECK(steps_of(observer) == "drop view names, create view names");
  CHECK(observer.all<ChangeFinished>().size() == 2);
  CHECK(shop.was_made_anew());
}

TEST_CASE("a script keeps its savepoints and its search_path when objects go for it",
          "[module_objects]") {
  Shop shop;
  shop.query("CREATE SCHEMA other");
  shop.write_plan({{"wider",
                    "SET LOCAL search_path TO other, public;\n"
                    "SAVEPOINT mine;\nCREATE TABLE gone ();\nROLLBACK TO SAVEPOINT mine;\n"
                    "ALTER TABLE public.item ALTER COLUMN name TYPE varchar(50);\n"
                    "CREATE TABLE stays ();",
                    "SELECT 1;", "TABLE other.stays;"}});
  shop.deploy();
  CHECK(shop.has("other.stays"));
  CHECK_FALSE(shop.has("other.gone"));
  CHECK(shop.has("public.names"));
  CHECK(shop.was_made_anew());
}

TEST_CASE("a verify script may need the objects that its change drops", "[module_objects]") {
  Shop shop;
  shop.write_plan({{"wider", widen_sql, "SELECT 1;", "TABLE names;"}});
  DeployOptions options;
  SECTION("in the module's transaction") {}
  SECTION("in its own") {
    options.scope = TransactionScope::change;
  }
  CHECK(shop.deploy(options).done == 1);
  CHECK(shop.was_made_anew());
  CHECK(shop.deployed() == "m:item m:wider");
}

TEST_CASE("a verify script that fails for good takes everything back", "[module_objects]") {
  Shop shop;
  shop.write_plan({{"wider", widen_sql, "SELECT 1;", "TABLE nowhere;"}});
  DeployOptions options;
  SECTION("in the module's transaction") {}
  SECTION("in its own") {
    options.scope = TransactionScope::change;
  }
  const Error error = error_of([&] { shop.deploy(options); });
  CHECK(error.code() == ErrorCode::verification_failed);
  CHECK_FALSE(shop.was_made_anew());
  CHECK(shop.deployed() == "m:item");
}

TEST_CASE("with a transaction for each change, objects follow in one of their own",
          "[module_objects]") {
  Shop shop;
  shop.write_plan({{"color", "ALTER TABLE item ADD color text;", "SELECT 1;", "TABLE item;"}});
  shop.write("packages/m/objects/names.sql", "CREATE VIEW names AS SELECT name, color FROM item;");
  DeployOptions options;
  SECTION("that goes through") {
    options.scope = TransactionScope::change;
    shop.deploy(options);
    CHECK(shop.query("SELECT count(*) FROM pg_attribute WHERE attrelid = 'names'::regclass") ==
          "2");
  }
  SECTION("without transactions, too") {
    options.scope = TransactionScope::none;
    shop.deploy(options);
    CHECK(shop.query("SELECT count(*) FROM pg_attribute WHERE attrelid = 'names'::regclass") ==
          "2");
  }
  SECTION("that fails: the change stays, and the next deploy goes on") {
    options.scope = TransactionScope::change;
    shop.write("packages/m/objects/names.sql", "CREATE VIEW names AS SELECT colour FROM item;");
    const Error error = error_of([&] { shop.deploy(options); });
    CHECK_THAT(error.database_state(), Catch::Contains("1 change of m is committed"));
    CHECK_FALSE(shop.was_made_anew());
    shop.write("packages/m/objects/names.sql", "CREATE VIEW names AS SELECT color FROM item;");
    shop.deploy(options);
    CHECK(shop.was_made_anew());
  }
  CHECK(shop.deployed() == "m:item m:color");
}

TEST_CASE("a view of all columns has those of a change, whatever the transactions",
          "[module_objects]") {
  Shop shop;
  shop.write("packages/m/objects/names.sql", "CREATE VIEW names AS SELECT * FROM item;");
  shop.deploy();
  shop.write_plan({{"color", "ALTER TABLE item ADD color text;", "SELECT 1;", "TABLE item;"}});
  DeployOptions options;
  options.scope = GENERATE(TransactionScope::module, TransactionScope::change);
  shop.deploy(options);
  CHECK(shop.query("SELECT count(*) FROM pg_attribute WHERE attrelid = 'names'::regclass") == "3");
}

TEST_CASE("recording changes without running them leaves objects alone", "[module_objects]") {
  Shop shop;
  shop.write_plan({{"wider", widen_sql, "SELECT 1;", "TABLE item;"}});
  shop.write("packages/m/objects/names.sql", "CREATE VIEW names AS SELECT id FROM item;");
  DeployOptions options;
  options.log_only = true;
  CHECK(shop.deploy(options).done == 1);
  CHECK_FALSE(shop.was_made_anew());
  CHECK(shop.module_status().objects->pending.size() == 1);
  RevertOptions revert;
  revert.reach = RevertReach::all;
  revert.log_only = true;
  shop.revert(revert);
  CHECK(shop.recorded() == "view public.names");
  CHECK_FALSE(shop.was_made_anew());
}

TEST_CASE("the last declaration goes with its folder", "[module_objects]") {
  Shop shop;
  shop.files.remove("packages/m/objects");
  CHECK(shop.module_status().objects->pending.size() == 1);
  shop.deploy();
  CHECK(steps_of(shop.observer) == "remove view public.names");
  CHECK_FALSE(shop.has("names"));
  CHECK_FALSE(shop.module_status().objects);
}

TEST_CASE("what a revert script takes along is forgotten, with a warning, and made again later",
          "[module_objects]") {
  Shop shop;
  shop.write_plan(
      {{"more", "CREATE TABLE more (id int);", "DROP TABLE more CASCADE;", "TABLE more;"}});
  shop.write("packages/m/objects/more.sql", "CREATE VIEW most AS TABLE more;");
  shop.deploy();
  shop.revert({});
  CHECK(shop.recorded() == "view public.names");
  const auto warnings = shop.observer.all<WarningRaised>();
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].diagnostic.message ==
        "view public.most of module m went with what was dropped");
  CHECK_FALSE(shop.was_made_anew());
  shop.deploy();
  CHECK(shop.recorded() == "view public.most, view public.names");
}

TEST_CASE("a column that is renamed under an object is no change by somebody else",
          "[module_objects]") {
  Shop shop;
  shop.write_plan({{"rename", "ALTER TABLE item RENAME name TO title;",
                    "ALTER TABLE item RENAME title TO name;", "SELECT title FROM item;"},
                   {"later", "SELECT 1;", "SELECT 1;", "SELECT 1;"}});
  DeployOptions to;
  to.modules = {"m"};
  to.to = "rename";
  shop.deploy(to);
  CHECK(shop.verify().failed == 0);
  shop.revert({});
  CHECK(shop.verify().failed == 0);
}

TEST_CASE("modules without managed objects never ask for them", "[module_objects]") {
  TestRole role("no_objects");
  Workshop shop;
  shop.add_module("m", {{"item", item_sql, "DROP TABLE item;", "TABLE item;"}});
  shop.deploy();
  shop.query("GRANT USAGE ON SCHEMA pgpm_migrate TO " + role.name() +
             "; GRANT SELECT ON ALL TABLES IN SCHEMA pgpm_migrate TO " + role.name() +
             "; REVOKE SELECT ON pgpm_migrate.managed_objects FROM " + role.name());
  shop.log_in_as(role.name());
  CHECK(shop.deploy().done == 0);
  CHECK_FALSE(shop.module_status().objects);
  shop.write("packages/m/objects/v.sql", "CREATE VIEW v AS TABLE item;");
  CHECK(error_of([&] { shop.deploy(); }).code() == ErrorCode::sql);
}
