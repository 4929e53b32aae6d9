#include "tests/db/catalog_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/catalog/snapshot.h"
#include "tests/support/test_database.h"

namespace pgpm::tests {

namespace {

std::string headline(const ObjectDifference& difference) {
  const char* sign = difference.difference == DifferenceKind::only_in_before  ? "-"
                     : difference.difference == DifferenceKind::only_in_after ? "+"
                                                                              : "~";
  return fmt::format("{} {} {}", sign, difference.kind, difference.identity);
}

std::string fact_names(const ObjectDifference& difference) {
  std::string names;
  for (const FactDifference& fact : difference.facts)
    names += (names.empty() ? "" : ", ") + fact.name;
  return names;
}

std::vector<std::string> expected_headlines(const ObjectCase& object_case, const char* sign) {
  std::vector<std::string> expected{
      fmt::format("{} {} {}", sign, object_case.kind, object_case.identity)};
  for (const std::string& companion : object_case.companions)
    expected.push_back(fmt::format("{} {}", sign, companion));
  std::ranges::sort(expected);
  return expected;
}

CatalogSnapshot snapshot_for(const ObjectCase& object_case, TestDatabase& database) {
  return catalog::take_snapshot(database.connection(), {object_case.cluster, {}});
}

void check_alteration(TestDatabase& database, const ObjectCase& object_case,
                      const Alteration& alteration) {
  INFO(alteration.sql);
  const CatalogSnapshot before = snapshot_for(object_case, database);
  database.exec(alteration.sql);
  const CatalogSnapshot after = snapshot_for(object_case, database);
  const std::vector<ObjectDifference> differences = difference(before, after);
  INFO(described(differences));
  CHECK(before.digest != after.digest);
  CHECK(headlines(differences) ==
        std::vector{fmt::format("~ {} {}", object_case.kind, object_case.identity)});
  if (!differences.empty()) CHECK(fact_names(differences.front()) == alteration.fact);
}

}  // namespace

std::vector<std::string> headlines(const std::vector<ObjectDifference>& differences) {
  std::vector<std::string> lines;
  for (const ObjectDifference& each : differences) lines.push_back(headline(each));
  return lines;
}

std::string described(const std::vector<ObjectDifference>& differences) {
  std::string text;
  for (const ObjectDifference& each : differences) text += describe(each) + "\n";
  return text;
}

void check_case(const ObjectCase& object_case) {
  TestDatabase database;
  const int major = database.connection().server_version() / 10000;
  if (major < object_case.since) return;
  INFO(object_case.kind << " " << object_case.identity << "\n" << object_case.create);
  if (!object_case.setting.empty()) database.exec(object_case.setting);
  const CatalogSnapshot before = snapshot_for(object_case, database);
  database.exec(object_case.create);
  const CatalogSnapshot created = snapshot_for(object_case, database);
  CHECK(headlines(without_parts(difference(before, created))) ==
        expected_headlines(object_case, "+"));
  for (const Alteration& alteration : object_case.alterations)
    if (major >= alteration.since) check_alteration(database, object_case, alteration);
  const CatalogSnapshot last = snapshot_for(object_case, database);
  database.exec(object_case.drop);
  const CatalogSnapshot after = snapshot_for(object_case, database);
  CHECK(headlines(without_parts(difference(last, after))) == expected_headlines(object_case, "-"));
  CHECK(described(difference(before, after)) == "");
  CHECK(before.digest == after.digest);
}

}  // namespace pgpm::tests
