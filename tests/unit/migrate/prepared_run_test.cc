#include "engine/migrate/prepared_run.h"

#include <catch2/catch.hpp>

#include "engine/sql/fingerprint.h"

using namespace pgpm;

TEST_CASE("a ledger row has the fingerprint of what the author wrote, and the run") {
  PreparedStep step;
  step.record.package = "shop";
  step.record.change = "orders";
  step.record.script_hash = "h";
  step.script.script = sql::Script::parse("deploy/orders.sql", "SELECT 'x';");
  const registry::DeployRecord plain = ledger_row(step, 7);
  CHECK(plain.package == "shop");
  CHECK(plain.change == "orders");
  CHECK(plain.script_hash == "h");
  CHECK(plain.run_id == 7);
  CHECK(plain.fingerprint == sql::fingerprint("SELECT 'x';"));

  step.script.as_written = "SELECT :'name';";  // a psql variable was filled in
  CHECK(ledger_row(step).fingerprint == sql::fingerprint("SELECT :'name';"));
}

TEST_CASE("a ledger row without a script has no fingerprint") {
  CHECK(ledger_row(PreparedStep()).fingerprint.empty());
}
