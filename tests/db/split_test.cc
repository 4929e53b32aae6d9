// Scripts run in three ways: by psql, which splits them itself; statement by statement as our
// splitter has them; and unsplit, in as few messages as a batch makes. Rows, errors, the catalog
// and the content of every table must be the same.
#include <catch2/catch.hpp>
#include <regex>
#include <string>
#include <vector>

#include "engine/catalog/snapshot.h"
#include "engine/db/batch.h"
#include "engine/text/file.h"
#include "tests/db/catalog_case.h"
#include "tests/support/client_programs.h"
#include "tests/support/source_dir.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace pgpm::tests {
namespace {

/// What running a script left: rows as `psql -At` prints them, SQLSTATEs, and the database.
struct SplitOutcome {
  std::string rows;
  std::vector<std::string> errors;
  CatalogSnapshot catalog;
  std::string content;
};

std::string file_of(const std::string& name) {
  return source_path("tests/db/split/" + name + ".sql");
}

std::shared_ptr<const sql::Script> script_of(const std::string& name) {
  auto script = sql::Script::parse(file_of(name), read_file(file_of(name)).value());
  REQUIRE(script->statements().size() > 10);
  return script;
}

std::string printed(const db::Result& row) {
  std::string line;
  for (std::size_t column = 0; column < row.columns(); ++column) {
    if (column > 0) line += '|';
    line += row.text(0, column);
  }
  return line + '\n';
}

/// Every table with its rows.
std::string content_of(TestDatabase& database) {
  return database.query_text(
      "SELECT oid::regclass, query_to_xml(format('SELECT * FROM %s t ORDER BY t::text', "
      "oid::regclass), true, true, '') FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace "
      "NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) AND "
      "relnamespace::regnamespace::text !~ '^pg_t' ORDER BY oid::regclass::text");
}

void look(TestDatabase& database, SplitOutcome& outcome) {
  outcome.catalog = catalog::take_snapshot(database.connection());
  outcome.content = content_of(database);
}

SplitOutcome run_by_psql(TestDatabase& database, const std::filesystem::path& programs,
                         const std::string& name) {
  SplitOutcome outcome;
  const ProcessResult result = run_process(program(
      database, {programs / "psql", "-XAtq", "-v", "VERBOSITY=verbose", "-f", file_of(name)}));
  UNSCOPED_INFO(result.err);
  outcome.rows = result.out;
  const std::regex error("ERROR:  ([0-9A-Z]{5})");
  for (std::sregex_iterator at(result.err.begin(), result.err.end(), error), end; at != end; ++at)
    outcome.errors.push_back((*at)[1]);
  look(database, outcome);
  return outcome;
}

void run_batch(TestDatabase& database, const db::Batch& batch, SplitOutcome& outcome) {
  const auto failure = db::run_batch(
      database.connection(), batch, {},
      [&](std::size_t, std::size_t, const db::Result& row) { outcome.rows += printed(row); });
  if (failure) outcome.errors.push_back(failure->message.sqlstate);
}

SplitOutcome run_split(TestDatabase& database, const std::string& name) {
  SplitOutcome outcome;
  // Transactions of its own, too: each statement is sent, and what follows an error as well.
  const auto script = sql::Script::parse(
      "split.sql", "-- pgpm: no-transaction\n" + read_file(file_of(name)).value());
  for (std::size_t i = 0; i < script->statements().size(); ++i) {
    db::Batch one;
    one.add_statement(script, i, 0);
    run_batch(database, one, outcome);
  }
  look(database, outcome);
  return outcome;
}

SplitOutcome run_unsplit(TestDatabase& database, const std::string& name) {
  SplitOutcome outcome;
  db::Batch batch;
  batch.add("BEGIN", 0);
  batch.add_script(script_of(name), 0);
  batch.add_commit(0);
  run_batch(database, batch, outcome);
  look(database, outcome);
  return outcome;
}

void check_same(const SplitOutcome& ours, const SplitOutcome& theirs) {
  CHECK(ours.rows == theirs.rows);
  CHECK(ours.errors == theirs.errors);
  CHECK(described(difference(theirs.catalog, ours.catalog)) == "");
  CHECK(ours.content == theirs.content);
}

std::filesystem::path programs_or_skip(TestDatabase& database) {
  const auto programs = client_programs(database);
  if (!programs) skip_all("no psql for this server's version (pg_config --bindir)");
  return *programs;
}

}  // namespace

TEST_CASE("scripts split by us do what they do under psql, and unsplit") {
  const std::string name = GENERATE("objects", "routines", "strings", "copy");
  INFO(name);
  TestDatabase by_psql, by_us, unsplit;
  if (name == "routines" && by_psql.connection().server_version() < 140000) return;  // no ATOMIC
  const SplitOutcome psql = run_by_psql(by_psql, programs_or_skip(by_psql), name);
  REQUIRE(psql.errors.empty());
  REQUIRE(psql.rows.size() > 20);
  check_same(run_split(by_us, name), psql);
  check_same(run_unsplit(unsplit, name), psql);
}

TEST_CASE("what the server refuses is refused at the same statements, and the rest is done") {
  const std::string name = GENERATE("errors", "copy_error");
  INFO(name);
  TestDatabase by_psql, by_us;
  const bool copies = name == "copy_error";
  if (copies && by_psql.connection().server_version() < 120000) return;  // no COPY ... WHERE
  const SplitOutcome psql = run_by_psql(by_psql, programs_or_skip(by_psql), name);
  CHECK(psql.errors.size() >= (name == "errors" ? 18 : 1));
  check_same(run_split(by_us, name), psql);
}

}  // namespace pgpm::tests
