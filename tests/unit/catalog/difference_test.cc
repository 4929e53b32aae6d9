#include <catch2/catch.hpp>

#include "pgpm/catalog.h"

using namespace pgpm;

namespace {

CatalogSnapshot snapshot(std::vector<CatalogObject> objects) {
  CatalogSnapshot result;
  result.objects = std::move(objects);
  return result;
}

CatalogObject table(std::string identity, std::vector<CatalogFact> facts = {}) {
  return {"table", std::move(identity), "", std::move(facts)};
}

CatalogObject column(std::string identity, std::string within) {
  return {"column", std::move(identity), std::move(within), {{"type", "integer"}}};
}

std::vector<std::string> described(const std::vector<ObjectDifference>& differences) {
  std::vector<std::string> lines;
  for (const ObjectDifference& each : differences) lines.push_back(describe(each));
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("equal snapshots have no difference") {
  CHECK(difference({}, {}).empty());
  const CatalogSnapshot one = snapshot({column("a.t.c", "table a.t"), table("a.t")});
  CHECK(difference(one, one).empty());
}

TEST_CASE("objects on one side only are found wherever they stand") {
  const CatalogSnapshot few = snapshot({table("b")});
  const CatalogSnapshot many = snapshot({table("a", {{"owner", "o"}}), table("b"), table("c")});
  CHECK(described(difference(few, many)) ==
        Lines{"table a: not there before", "table c: not there before"});
  CHECK(described(difference(many, few)) ==
        Lines{"table a: no longer there", "table c: no longer there"});
  const ObjectDifference gone = difference(many, few).front();
  CHECK(gone.difference == DifferenceKind::only_in_before);
  CHECK(gone.facts == std::vector<FactDifference>{{"owner", "o", std::nullopt}});
  const ObjectDifference came = difference(few, many).front();
  CHECK(came.difference == DifferenceKind::only_in_after);
  CHECK(came.facts == std::vector<FactDifference>{{"owner", std::nullopt, "o"}});
}

TEST_CASE("objects of two kinds may share an identity") {
  const CatalogSnapshot before = snapshot({{"enum", "a.x", "", {}}, {"table", "a.x", "", {}}});
  const CatalogSnapshot after = snapshot({{"enum", "a.x", "", {}}, {"view", "a.x", "", {}}});
  CHECK(described(difference(before, after)) ==
        Lines{"table a.x: no longer there", "view a.x: not there before"});
}

TEST_CASE("facts are compared by name") {
  const CatalogSnapshot before =
      snapshot({table("t", {{"owner", "a"}, {"comment", "x"}, {"grants", "g"}})});
  const CatalogSnapshot after =
      snapshot({table("t", {{"options", "o"}, {"owner", "b"}, {"grants", "g"}})});
  CHECK(described(difference(before, after)) ==
        Lines{"table t: owner: a -> b; comment: x -> (none); options: (none) -> o"});
}

TEST_CASE("an object that belongs to another one now has changed") {
  const CatalogSnapshot before = snapshot({{"sequence", "s", "table a", {}}});
  const CatalogSnapshot after = snapshot({{"sequence", "s", "table b", {}}});
  CHECK(described(difference(before, after)) == Lines{"sequence s: within: table a -> table b"});
}

TEST_CASE("parts of what came or went as a whole are left out on demand") {
  const CatalogSnapshot before = snapshot({column("k.x", "table k"), table("k")});
  const CatalogSnapshot after =
      snapshot({column("k.y", "table k"), column("n.x", "table n"), table("k"), table("n")});
  const auto all = difference(before, after);
  CHECK(all.size() == 4);
  CHECK(described(without_parts(all)) == Lines{"column k.x: no longer there",
                                               "column k.y: not there before",
                                               "table n: not there before"});
}

TEST_CASE("a part that went while its whole only changed is kept") {
  const CatalogSnapshot before = snapshot({column("k.x", "table k"), table("k", {{"owner", "a"}})});
  const CatalogSnapshot after = snapshot({table("k", {{"owner", "b"}})});
  CHECK(without_parts(difference(before, after)).size() == 2);
}

TEST_CASE("long definitions are described by the first line that differs") {
  const auto changed = [](const std::string& before, const std::string& after) {
    return describe(
        {DifferenceKind::changed, "function", "f()", "", {{"definition", before, after}}});
  };
  CHECK(changed("a\nb\nc", "a\nB\nc") == "function f(): definition: b -> B");
  CHECK(changed("a\nb", "a\nb\nmore\nlines") == "function f(): definition:  -> more");
  CHECK(changed(std::string(200, 'x'), "y") ==
        "function f(): definition: " + std::string(100, 'x') + "... -> y");
}

TEST_CASE("shortening never cuts a character in two") {
  std::string umlauts = "x";
  for (int count = 0; count < 100; ++count) umlauts += "ä";
  const std::string text =
      describe({DifferenceKind::changed, "table", "t", "", {{"comment", std::nullopt, umlauts}}});
  CHECK(text == "table t: comment: (none) -> " + umlauts.substr(0, 99) + "...");
}
