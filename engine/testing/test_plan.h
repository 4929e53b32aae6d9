// The order of fixtures and tests, computed from their paths alone: depth first, every directory
// with its fixture, its tests by name, its directories, its teardown. Used by `pgpm test` and for
// whoever else runs such a tree; no database, no files.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace pgpm {

/// A directory that directly holds a file of a test tree.
struct TestDirectory {
  std::string path;       ///< "./a/__test__/b/"
  std::string parent;     ///< the nearest one above it that holds a file too, "" if there is none
  std::size_t depth = 0;  ///< directories below the test directory it is in; that one has 0
};

/// Those of the paths (as find_test_files gives them) that are in a test directory, in byte order.
std::vector<TestDirectory> test_directories(const std::vector<std::string>& paths);

struct TestStep {
  enum class Kind { fixture, test, teardown };
  std::size_t ordinal = 0;  ///< from 1
  Kind kind = Kind::test;
  std::string path;  ///< "" for a teardown
  std::string directory;
  std::size_t depth = 0;
};
const char* test_step_name(TestStep::Kind kind);

/// Whether a test is wanted; asked for tests only, never for fixtures.
using TestFilter = std::function<bool(const std::string& path)>;

/// A directory without a wanted test in it or below is left out, fixture and all. The fixtures of
/// the others always run, wanted or not, and each of them has a teardown. Files that are not SQL
/// are no steps. An empty filter wants everything.
std::vector<TestStep> plan_tests(const std::vector<std::string>& paths,
                                 const TestFilter& filter = {});

/// How many steps are tests.
std::size_t count_tests(const std::vector<TestStep>& plan);

}  // namespace pgpm
