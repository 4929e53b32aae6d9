// Our splitter against PostgreSQL's own grammar, statement by statement, over scripts of many
// kinds.
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/sql/statements.h"
#include "engine/text/file.h"
#include "tests/grammar/pg_grammar.h"
#include "tests/support/source_dir.h"

namespace pgpm::tests {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> corpus() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(tests::source_path("tests/grammar/corpus"))) {
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  }
  return files;
}

void compare(const std::string& sql) {
  std::string error;
  split_by_grammar(sql, &error);
  CHECK(error == "");
  CHECK(split_difference(sql) == "");
  sql::StatementReader reader(sql);
  while (reader.next()) continue;
  CHECK(reader.findings().empty());
}

}  // namespace

TEST_CASE("Scripts of many kinds are split as PostgreSQL's grammar splits them", "[sql]") {
  const std::vector<fs::path> files = corpus();
  CHECK(files.size() >= 40);
  for (const fs::path& file : files) {
    INFO(file.filename().generic_string());
    compare(read_file(file).value());
  }
}

TEST_CASE("All of them in one text are split the same", "[sql]") {
  std::string all;
  for (const fs::path& file : corpus()) all += read_file(file).value() + "\n;\n";
  compare(all);
}

}  // namespace pgpm::tests
