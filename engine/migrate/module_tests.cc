#include "engine/migrate/module_tests.h"

#include <fmt/format.h>

#include "engine/migrate/problems.h"
#include "engine/testing/test_files.h"

namespace pgpm {

std::vector<std::string> test_files_of(const Module& module) {
  return find_test_files(module.dir, "pgpm.plan");
}

TestSuite load_tests(const Module& module) {
  return load_tests(module, plan_tests(test_files_of(module)));
}

TestSuite load_tests(const Module& module, std::vector<TestStep> plan) {
  return load_test_suite(module.package, module.dir, std::move(plan));
}

std::vector<Diagnostic> require_runnable(const std::vector<TestSuite>& suites,
                                         const std::string& summary) {
  Problems problems;
  for (const TestSuite& suite : suites) problems.add_script(suite.problems());
  problems.throw_if_any(summary);
  return problems.warnings();
}

Error failed_tests(const TestTally& tally) {
  const std::size_t ran = tally.passed + tally.failed;
  return Error(ErrorCode::verification_failed,
               fmt::format("{} of {} test{} failed", tally.failed, ran, ran == 1 ? "" : "s"));
}

}  // namespace pgpm
