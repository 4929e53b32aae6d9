// pgpm test: SQL tests that live in modules, as files below __test__ or __tests__.
//
// A test is a script that raises an error when something is wrong; with the extension pgtap its
// "not ok" lines count too. _setup.sql (or .psql) is a fixture: it runs once, before the tests of
// its directory and of those below, and they all see it. Each test is rolled back before the next
// one runs, each directory when its last test has run, so that nothing stays.
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/deploy.h"
#include "pgpm/observer.h"
#include "pgpm/target.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// Of RunOptions, the time limits and `strict` count: what a test leaves behind although it is
/// rolled back (a sequence's number, a session lock ...) is then a failure, not a warning.
struct SqlTestOptions : RunOptions {
  std::vector<std::string> modules;  ///< any spelling; empty = all of the workspace
  /// Only tests whose path ("./__tests__/auth/test_login.sql") matches this regular expression of
  /// PostgreSQL somewhere, with the fixtures they need; "" = all.
  std::string pattern;
  bool fail_fast = false;  ///< skip what is left after a failure
};

/// One line of what run_sql_tests would do.
struct SqlTestStep {
  std::string module;
  std::size_t ordinal = 0;  ///< within the module, from 1
  std::string kind;         ///< "fixture", "test", "teardown"
  std::string path;         ///< relative to the module; "" for a teardown
  std::string directory;    ///< relative to the module, ends with '/'
  std::size_t depth = 0;    ///< below its __test__ directory
};

/// The plan, module by module, in order. Connects only if there is a pattern. Throws Error(usage)
/// if that is no regular expression, Error(configuration) if it matches no test.
std::vector<SqlTestStep> plan_sql_tests(const Workspace& workspace, const Target& target,
                                        const SqlTestOptions& options, std::stop_token stop);

/// Runs the tests of deployed modules, in the order of their requirements, in one transaction that
/// is always rolled back; nothing is written to the ledger. Fixtures and tests are checks of kind
/// sql_test: CheckStarted, CheckFinished. Those of a module of which nothing is deployed are
/// skipped. Mistakes in the files (transaction control, statements that refuse transactions) are
/// found before anything runs: Error(configuration) with all of them. Throws
/// Error(verification_failed) at the end if a check failed, Error(configuration) if the pattern
/// matches no test; no tests at all is an empty report. Counts checks.
RunReport run_sql_tests(const Workspace& workspace, const Target& target,
                        const SqlTestOptions& options, Observer& observer, std::stop_token stop);

}  // namespace pgpm
