#include "engine/testing/test_suite.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/file.h"

namespace pgpm {
namespace {

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
    std::optional<std::string> bytes = read_regular_file(file);
    if (!bytes) throw Error(ErrorCode::other, fmt::format("{} went away", shown_path(file)));
    suite.scripts[step.path] =
        sql::Script::parse(shown_path(file), std::move(*bytes), sql::ScriptUse::rolled_back);
  }
  return suite;
}

std::string shown_test_path(const std::string& path) {
  return path.starts_with("./") ? path.substr(2) : path;
}

}  // namespace pgpm
