// Runs the tests of one suite on a connection, inside its open transaction: every test from the
// state its fixtures left, whatever other tests did. Knows neither modules nor ledgers.
#pragma once

#include <cstddef>

#include "engine/db/connection.h"
#include "engine/testing/test_suite.h"
#include "pgpm/observer.h"

namespace pgpm {

struct TestRunOptions {
  enum class AfterFailure { go_on, skip_rest } after_failure = AfterFailure::go_on;
  /// What it means that a test leaves something behind: a finding, or that it failed.
  enum class OnLeak { warn, fail } on_leak = OnLeak::warn;
};

/// Fixtures count like tests.
struct TestTally {
  std::size_t passed = 0, failed = 0, skipped = 0;
};

/// Emits CheckStarted and CheckFinished (kind sql_test) for every fixture and test of the plan, in
/// its order; those that need a fixture that failed are skipped. The suite must be without
/// problems() and the transaction open; afterwards it is as it was before. Throws Error(connection
/// or interrupted) if it cannot go on; the caller then rolls back.
TestTally run_tests(db::Connection& connection, const TestSuite& suite,
                    const TestRunOptions& options, Observer& observer);

/// All checks of a suite as skipped, for one reason.
TestTally skip_tests(const TestSuite& suite, const std::string& reason, Observer& observer);

}  // namespace pgpm
