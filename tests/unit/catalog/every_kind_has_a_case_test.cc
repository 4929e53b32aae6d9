// The queries of schema/catalog held against the database tests: a kind of object that a snapshot
// can show must have a case that creates, alters and drops one.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "tests/support/source_dir.h"

namespace pgpm::tests {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// What stands before AS kind: a literal, or the results of a CASE.
std::set<std::string> kinds_of(const std::string& query) {
  std::set<std::string> kinds;
  const std::size_t end = query.find(" AS kind");
  REQUIRE(end != std::string::npos);
  const std::string before = query.substr(0, end);
  const std::string column = before.substr(before.rfind("SELECT "));
  const std::regex result("(?:SELECT|THEN|ELSE) '([a-z ]+)'");
  for (std::sregex_iterator each(column.begin(), column.end(), result), none; each != none; ++each)
    kinds.insert((*each)[1]);
  return kinds;
}

std::string database_tests() {
  std::string text;
  for (const auto& entry : fs::directory_iterator(source_path("tests/db")))
    if (entry.path().filename().string().starts_with("catalog_")) text += read_file(entry.path());
  return text;
}

bool has_case(const std::string& tests, const std::string& kind) {
  const std::regex checked("\\{\"" + kind + "\",|\"[+~] " + kind + " ");
  return std::regex_search(tests, checked);
}

}  // namespace

TEST_CASE("every kind of object has a database test") {
  const std::string tests = database_tests();
  std::size_t queries = 0, kinds = 0;
  for (const auto& entry : fs::directory_iterator(source_path("schema/catalog"))) {
    INFO(entry.path().filename().string());
    ++queries;
    const std::set<std::string> shown = kinds_of(read_file(entry.path()));
    CHECK_FALSE(shown.empty());
    for (const std::string& kind : shown) {
      INFO(kind);
      CHECK(has_case(tests, kind));
      ++kinds;
    }
  }
  CHECK(queries >= 48);
  CHECK(kinds >= 54);
  CHECK_FALSE(has_case(tests, "kind that is not there"));
}

}  // namespace pgpm::tests
