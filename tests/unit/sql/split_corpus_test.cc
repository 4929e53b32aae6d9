// Our splitter against PostgreSQL's own grammar, statement by statement, over scripts of many
// kinds. The parser is linked here only; where it is not installed this file is left out of the
// build. It knows neither COPY data nor psql commands, and its scanner (unlike the server's) does
// not carry a string over a -- comment.
#include <pg_query.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/sql/statements.h"
#include "tests/support/source_dir.h"

namespace pgpm::tests {
namespace {

namespace fs = std::filesystem;

struct Part {
  std::size_t begin = 0, end = 0;
};

/// As the grammar has it: from behind the semicolon before to the statement's end.
std::vector<Part> split_by_grammar(const std::string& sql) {
  const PgQuerySplitResult result = pg_query_split_with_parser(sql.c_str());
  if (result.error != nullptr) {
    FAIL("not SQL: " << result.error->message << " at " << result.error->cursorpos);
  }
  std::vector<Part> parts;
  for (int i = 0; i < result.n_stmts; ++i) {
    const auto begin = static_cast<std::size_t>(result.stmts[i]->stmt_location);
    parts.push_back({begin, begin + static_cast<std::size_t>(result.stmts[i]->stmt_len)});
  }
  pg_query_free_split_result(result);
  return parts;
}

std::vector<Part> split_by_us(const std::string& sql) {
  std::vector<Part> parts;
  sql::StatementReader reader(sql);
  while (const auto statement = reader.next()) parts.push_back({statement->begin, statement->end});
  CHECK(reader.findings().empty());
  return parts;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> corpus() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(tests::source_path("tests/unit/sql/corpus"))) {
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  }
  return files;
}

void compare(const std::string& sql) {
  const std::vector<Part> theirs = split_by_grammar(sql);
  const std::vector<Part> ours = split_by_us(sql);
  REQUIRE(ours.size() == theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    CAPTURE(i, sql.substr(ours[i].begin, ours[i].end - ours[i].begin));
    CHECK(theirs[i].begin <= ours[i].begin);
    CHECK(ours[i].end <= theirs[i].end);
    CHECK(ours[i].begin < ours[i].end);
  }
}

}  // namespace

TEST_CASE("Scripts of many kinds are split as PostgreSQL's grammar splits them", "[sql]") {
  const std::vector<fs::path> files = corpus();
  CHECK(files.size() >= 40);
  for (const fs::path& file : files) {
    INFO(file.filename().generic_string());
    compare(read(file));
  }
}

TEST_CASE("All of them in one text are split the same", "[sql]") {
  std::string all;
  for (const fs::path& file : corpus()) all += read(file) + "\n;\n";
  compare(all);
}

}  // namespace pgpm::tests
