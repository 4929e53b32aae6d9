// Bookkeeping: every row exactly once, whatever happens to the messages.
#include "engine/migrate/bookkeeping.h"

#include <catch2/catch.hpp>

using namespace pgpm;

namespace {

PreparedStep step(const std::string& change, const std::string& script = "SELECT 1;") {
  PreparedStep made;
  made.record.package = "m";
  made.record.change = change;
  made.script.script = sql::Script::parse(change + ".sql", script);
  return made;
}

/// A single row has the name as a literal, several have it within one of arrays.
bool names(const std::string& sql, const std::string& change) {
  return sql.find("'" + change + "'") != std::string::npos ||
         sql.find('"' + change + '"') != std::string::npos;
}

/// The changes whose rows a batch of these would write, as "a b".
class Books {
 public:
  void owe(std::size_t unit) { books.owe(unit, steps.at(unit)); }
  std::string before(std::size_t unit) {
    return settled([&](db::Batch& batch) { books.settle_before(unit, batch); }, unit);
  }
  std::string behind(std::size_t unit) {
    return settled([&](db::Batch& batch) { books.settle_behind(unit, batch); }, unit);
  }
  Bookkeeping books{7};

 private:
  template <typename Settle>
  std::string settled(Settle settle, std::size_t label) {
    db::Batch batch;
    settle(batch);
    std::string found;
    for (const db::Fragment& fragment : batch.fragments()) CHECK(fragment.label == label);
    if (batch.empty()) return found;
    for (const PreparedStep& each : steps)
      if (names(batch.fragments()[0].sql, each.record.change))
        found += (found.empty() ? "" : " ") + each.record.change;
    return found;
  }

  std::vector<PreparedStep> steps{step("a"), step("b"), step("c"), step("d"), step("e")};
};

}  // namespace

TEST_CASE("who looks at the ledger, or renames a row, does not wait") {
  CHECK(Bookkeeping::can_wait(step("a")));
  CHECK_FALSE(Bookkeeping::can_wait(step("a", "CALL pgpm_migrate.register_package('x');")));
  PreparedStep verified = step("a");
  verified.verify = step("v", "SELECT 1 FROM pgpm_migrate.changes;").script;
  CHECK_FALSE(Bookkeeping::can_wait(verified));
  PreparedStep rework = step("a");
  rework.rename = {"a", "a@v1"};
  CHECK_FALSE(Bookkeeping::can_wait(rework));
}

TEST_CASE("rows of several messages: each with the message it belongs to") {
  Books books;
  books.owe(0);
  books.owe(1);
  CHECK(books.behind(1) == "a b");
  books.books.done(0);
  books.books.done(1);
  books.owe(2);
  CHECK(books.before(3) == "c");
  CHECK(books.behind(3).empty());
  books.books.done(3);
  CHECK(books.before(4).empty());
}

TEST_CASE("a message that did not run is rendered again, perhaps shorter") {
  Books books;
  books.owe(0);
  books.owe(1);
  books.owe(2);
  CHECK(books.behind(2) == "a b c");
  books.owe(0);
  CHECK(books.behind(0) == "a");
  books.books.done(0);
  books.owe(1);
  CHECK(books.before(2) == "b");
}

TEST_CASE("a verify script fails and the run goes on") {
  Books books;
  SECTION("what was to be settled behind it comes later") {
    books.owe(0);
    books.owe(1);
    books.owe(2);
    CHECK(books.behind(2) == "a b c");
    books.books.done(0);
    books.books.failed_to_verify(1);
    books.owe(2);
    CHECK(books.behind(2) == "a b c");
  }
  SECTION("in the last change of the message") {
    books.owe(0);
    CHECK(books.behind(0) == "a");
    books.books.failed_to_verify(0);
    CHECK(books.before(1) == "a");
  }
  SECTION("what was settled before it is there") {
    books.owe(0);
    CHECK(books.before(1) == "a");
    books.books.failed_to_verify(1);
    CHECK(books.before(2).empty());
  }
}

TEST_CASE("after a rollback nothing is owed") {
  Books books;
  books.owe(0);
  CHECK(books.behind(0) == "a");
  books.owe(1);
  books.books.forget();
  CHECK(books.before(2).empty());
}
