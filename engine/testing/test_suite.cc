#include "engine/testing/test_suite.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/file.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

Diagnostic refuses_transaction(const sql::Script& script) {
  const auto statements = script.statements();
  const auto found = std::find_if(statements.begin(), statements.end(), [](const auto& statement) {
    return statement.refuses_transaction;
  });
  const std::size_t offset = found == statements.end() ? 0 : found->begin;
  return {Severity::error, script.source().location(offset),
          found == statements.end() ? "a test cannot run outside a transaction"
                                    : "this statement cannot run in a test",
          std::string(script.source().line_at(offset)),
          "tests run in a transaction and are rolled back to a savepoint"};
}

void add_problems(const sql::Script& script, std::vector<Diagnostic>& problems) {
  problems.insert(problems.end(), script.problems().begin(), script.problems().end());
  if (!script.transactional() && !script.has_errors())
    problems.push_back(refuses_transaction(script));
}

[[noreturn]] void refuse(const fs::path& file, const char* what, const char* hint) {
  throw Error(ErrorCode::configuration, fmt::format("{} {}", shown_path(file), what)).hint(hint);
}

/// Where a link leads to, which must be in the module: as it is with scripts.
fs::path linked(const fs::path& file, const fs::path& root) {
  std::error_code error;
  const fs::path real = fs::canonical(file, error);
  if (error) refuse(file, "is a link that leads nowhere", "put the test itself into the module");
  const fs::path base = fs::canonical(root, error);
  const bool inside =
      !error &&
      std::mismatch(base.begin(), base.end(), real.begin(), real.end()).first == base.end();
  if (!inside)
    refuse(file, "is a link that leaves the module", "put the test itself into the module");
  return real;
}

std::string read_test(const fs::path& file, const fs::path& root) {
  PlainFile read = read_plain_file(file.native());
  if (read.kind == PlainFile::Kind::link) read = read_plain_file(linked(file, root).native());
  if (read.kind == PlainFile::Kind::absent)
    throw Error(ErrorCode::other, fmt::format("{} went away", shown_path(file)));
  if (read.kind != PlainFile::Kind::regular)
    refuse(file, "is not a regular file", "a test is a file with SQL in it");
  return std::move(read.bytes);
}

}  // namespace

std::vector<Diagnostic> TestSuite::problems() const {
  std::vector<Diagnostic> problems;
  for (const auto& [path, script] : scripts) add_problems(*script, problems);
  return problems;
}

TestSuite load_test_suite(std::string module, const std::filesystem::path& root,
                          std::vector<TestStep> plan) {
  TestSuite suite{std::move(module), std::move(plan), {}};
  for (const TestStep& step : suite.plan) {
    if (step.kind == TestStep::Kind::teardown) continue;
    const std::filesystem::path file = root / shown_test_path(step.path);
    suite.scripts[step.path] =
        sql::Script::parse(shown_path(file), read_test(file, root), sql::ScriptUse::rolled_back);
  }
  return suite;
}

std::string shown_test_path(const std::string& path) {
  return path.starts_with("./") ? path.substr(2) : path;
}

}  // namespace pgpm
