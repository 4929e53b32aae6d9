// The loop that sends units: what is rendered while the server works, and what becomes of it when
// something fails.
#include "engine/migrate/batching.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "tests/support/test_database.h"

using namespace pgpm;
using pgpm::tests::TestDatabase;

namespace {

/// Units that each insert their number in a transaction; those of `failing` fail, and the run goes
/// on.
class Numbers final : public UnitSource {
 public:
  Numbers(TestDatabase& database, std::size_t count, std::vector<std::size_t> failing)
      : database_(database), count_(count), failing_(std::move(failing)) {}

  std::size_t size() const override { return count_; }
  void render(std::size_t unit, db::Batch& batch) override {
    if (batch.empty() && unit > 0 && !is_done_[unit - 1]) ++ahead;
    batch.add("BEGIN", unit);
    batch.add(sql_of(unit), unit);
    batch.add_commit(unit);
  }
  bool ends_transaction(std::size_t) const override { return true; }
  void started(std::size_t) override {}
  void done(std::size_t unit) override { is_done_[unit] = true; }
  void noticed(std::size_t, const ServerMessage&) override {}
  AfterFailure failed(std::size_t unit, const db::BatchFailure&, const db::Fragment&,
                      Before) override {
    is_done_[unit] = true;
    ++failures;
    database_.exec("ROLLBACK");
    return AfterFailure::go_on;
  }

  int ahead = 0;  // batches begun before the one in front of them had run
  int failures = 0;

 private:
  /// A mistake in the text keeps the whole message from running, another one only what follows it.
  std::string sql_of(std::size_t unit) const {
    const bool fails = std::find(failing_.begin(), failing_.end(), unit) != failing_.end();
    if (fails) return unit % 2 == 0 ? "SELECT 1 / 0" : "SELEC 1";
    return "INSERT INTO ran VALUES (" + std::to_string(unit) + ")";
  }

  TestDatabase& database_;
  std::size_t count_;
  std::vector<std::size_t> failing_;
  std::map<std::size_t, bool> is_done_;
};

}  // namespace

TEST_CASE("the next message is rendered while the server works on one") {
  TestDatabase database;
  database.exec("CREATE TABLE ran (unit int)");
  Numbers numbers(database, 300, {});
  CHECK(run_units(database.connection(), numbers));
  CHECK(numbers.ahead > 0);
  CHECK(database.query_text("SELECT count(*), count(DISTINCT unit), max(unit) FROM ran") ==
        "300|300|299");
}

TEST_CASE("what was rendered ahead of a failure is rendered again, and runs once") {
  TestDatabase database;
  database.exec("CREATE TABLE ran (unit int)");
  // Several in one message, the last of one, the first of the next, whatever the sizes are.
  Numbers numbers(database, 400,
                  {1, 3, 6, 7, 9, 11, 15, 21, 22, 23, 27, 29, 40, 41, 43, 90, 91, 150, 290, 399});
  CHECK(run_units(database.connection(), numbers));
  CHECK(numbers.failures == 20);
  CHECK(database.query_text("SELECT count(*), count(DISTINCT unit) FROM ran") == "380|380");
  CHECK(database.query_text("SELECT string_agg(unit::text, ' ' ORDER BY ctid) ="
                            " string_agg(unit::text, ' ' ORDER BY unit) FROM ran") == "t");
}
