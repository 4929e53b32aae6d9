// What moved, told from counts: whose rows are new, whose went away.
#include "engine/catalog/catalog_tally.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>

namespace pgpm::catalog {
namespace {

/// Owners are relations 1, 2, ...: enough to tell them apart.
RowOwner owner(std::uint32_t oid) {
  return {1259, oid};
}

std::shared_ptr<const CatalogTally> shared(CatalogTally tally) {
  return std::make_shared<const CatalogTally>(std::move(tally));
}

std::string shown(const std::vector<MovedOwner>& moved) {
  std::string text;
  for (const MovedOwner& each : moved)
    text += std::to_string(each.owner.oid) + (each.known ? " known" : "") +
            (each.gone ? " gone" : "") + "\n";
  return text;
}

std::vector<std::optional<CatalogCount>> counted(const std::vector<CatalogCount>& counts) {
  return {counts.begin(), counts.end()};
}

}  // namespace

TEST_CASE("rows are counted by owner") {
  CHECK(tally_of({}).empty());
  CHECK(tally_of({owner(7), owner(5), owner(7)}) == CatalogTally{{owner(5), 1}, {owner(7), 2}});
}

TEST_CASE("nothing moved") {
  const Tallies base{shared({{owner(5), 2}}), shared({})};
  const TallyUpdate update(base, counted({{2, {}}, {0, {}}}));
  CHECK(update.unexplained().empty());
  CHECK(update.moved().empty());
  CHECK(update.tallies() == base);
}

TEST_CASE("a catalog that was not counted is as it was") {
  const Tallies base{shared({{owner(5), 2}}), shared({})};
  const TallyUpdate update(base, {std::nullopt, CatalogCount{1, {owner(6)}}});
  CHECK(update.unexplained().empty());
  CHECK(shown(update.moved()) == "6\n");
  CHECK(update.tallies()[0] == base[0]);
}

TEST_CASE("new rows are told by themselves") {
  const Tallies base{shared({{owner(5), 2}}), shared({{owner(5), 1}})};
  const TallyUpdate update(base, counted({{5, {owner(6), owner(5), owner(6)}}, {1, {}}}));
  CHECK(update.unexplained().empty());
  CHECK(shown(update.moved()) == "5 known\n6\n");
  CHECK(*update.tallies()[0] == CatalogTally{{owner(5), 3}, {owner(6), 2}});
  CHECK(update.tallies()[1] == base[1]);
}

TEST_CASE("an updated row is a new one and a lost one of the same owner") {
  const Tallies base{shared({{owner(5), 2}, {owner(6), 1}})};
  TallyUpdate update(base, counted({{3, {owner(5)}}}));
  REQUIRE(update.unexplained() == std::vector<std::size_t>{0});
  REQUIRE(update.fresh_owners() == std::vector<RowOwner>{owner(5)});
  update.explain(0, {owner(5)}, {{owner(5), 2}});
  CHECK(update.unexplained().empty());
  CHECK(shown(update.moved()) == "5 known\n");
  CHECK(*update.tallies()[0] == *base[0]);
}

TEST_CASE("losses that candidates explain, and losses that they do not") {
  const Tallies base{shared({{owner(4), 1}, {owner(5), 2}, {owner(6), 2}})};
  TallyUpdate update(base, counted({{3, {}}}));
  SECTION("one candidate is gone") {
    update.explain(0, {owner(5)}, {});
    CHECK(update.unexplained().empty());
    CHECK(shown(update.moved()) == "5 known gone\n");
    CHECK(*update.tallies()[0] == CatalogTally{{owner(4), 1}, {owner(6), 2}});
  }
  SECTION("it has lost less than is missing") {
    update.explain(0, {owner(5)}, {{owner(5), 1}});
    REQUIRE(update.unexplained() == std::vector<std::size_t>{0});
    update.recount(0, {{owner(5), 1}, {owner(6), 2}});
    CHECK(update.unexplained().empty());
    CHECK(shown(update.moved()) == "4 known gone\n5 known\n");
  }
}

TEST_CASE("an owner is gone when no catalog has rows of it") {
  const Tallies base{shared({{owner(5), 1}}), shared({{owner(5), 1}})};
  TallyUpdate update(base, counted({{0, {}}, {1, {}}}));
  update.explain(0, {owner(5)}, {});
  CHECK(shown(update.moved()) == "5 known\n");
}

TEST_CASE("a catalog that is counted as a whole explains itself") {
  const Tallies base{shared({{RowOwner{}, 9}}), shared({})};
  const TallyUpdate update(base, counted({{8, {}}, {1, {RowOwner{}}}}));
  CHECK(update.unexplained().empty());
  CHECK(shown(update.moved()) == "0 known\n");
  CHECK(*update.tallies()[0] == CatalogTally{{RowOwner{}, 8}});
  CHECK(*update.tallies()[1] == CatalogTally{{RowOwner{}, 1}});
}

// Rows that were there at the earlier look may count as new: they were written by a transaction
// that was not over.
TEST_CASE("a row that is called new twice is no loss that goes unseen") {
  const Tallies base{shared({{owner(5), 1}, {owner(6), 1}})};
  TallyUpdate update(base, counted({{1, {owner(5)}}}));
  update.explain(0, {owner(5)}, {{owner(5), 1}});
  REQUIRE(update.unexplained() == std::vector<std::size_t>{0});
  update.recount(0, {{owner(5), 1}});
  CHECK(shown(update.moved()) == "5 known\n6 known gone\n");
}

}  // namespace pgpm::catalog
