// The SQL tests of modules: from directories on disk to suites that can be run.
#pragma once

#include <string>
#include <vector>

#include "engine/testing/test_run.h"
#include "engine/testing/test_suite.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// Paths of all files in a module's test directories; those of modules inside it are not its own.
std::vector<std::string> test_files_of(const Module& module);

/// All tests of a module.
TestSuite load_tests(const Module& module);
/// The same for a plan that was made already.
TestSuite load_tests(const Module& module, std::vector<TestStep> plan);

/// Throws Error(configuration) with every mistake in the scripts of the suites; returns the
/// warnings.
std::vector<Diagnostic> require_runnable(const std::vector<TestSuite>& suites,
                                         const std::string& summary);

/// Error(verification_failed) that says how many failed.
Error failed_tests(const TestTally& tally);

}  // namespace pgpm
