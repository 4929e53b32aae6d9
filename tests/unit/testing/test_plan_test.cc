// The plan of fixtures and tests as a table of its rules: depth first, fixture, tests by name,
// directories, teardown; pruned by a filter that fixtures are never asked about.
#include "engine/testing/test_plan.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

namespace pgpm {
namespace {

using Paths = std::vector<std::string>;

/// "1 fixture ./__test__/_setup.sql 0" for each step; a teardown shows its directory.
std::string shown(const std::vector<TestStep>& plan) {
  std::string text;
  for (const TestStep& step : plan)
    text += fmt::format("{} {} {} {}\n", step.ordinal, test_step_name(step.kind),
                        step.path.empty() ? step.directory : step.path, step.depth);
  return text;
}

std::string planned(const Paths& paths, const TestFilter& filter = {}) {
  return shown(plan_tests(paths, filter));
}

TestFilter containing(const std::string& text) {
  return [text](const std::string& path) { return path.find(text) != std::string::npos; };
}

const Paths billing_and_auth{
    "./__test__/_setup.sql",
    "./__test__/auth/_setup.sql",
    "./__test__/auth/oauth/test_google.sql",
    "./__test__/auth/test_login.sql",
    "./__test__/billing/test_stripe.sql",
    "./__test__/test_root.sql",
};

}  // namespace

TEST_CASE("a tree is run depth first, and each directory is torn down behind its last test") {
  CHECK(planned(billing_and_auth) ==
        "1 fixture ./__test__/_setup.sql 0\n"
        "2 test ./__test__/test_root.sql 0\n"
        "3 fixture ./__test__/auth/_setup.sql 1\n"
        "4 test ./__test__/auth/test_login.sql 1\n"
        "5 test ./__test__/auth/oauth/test_google.sql 2\n"
        "6 teardown ./__test__/auth/oauth/ 2\n"
        "7 teardown ./__test__/auth/ 1\n"
        "8 test ./__test__/billing/test_stripe.sql 1\n"
        "9 teardown ./__test__/billing/ 1\n"
        "10 teardown ./__test__/ 0\n");
}

TEST_CASE("the order of the paths that come in does not matter") {
  Paths backwards(billing_and_auth.rbegin(), billing_and_auth.rend());
  CHECK(planned(backwards) == planned(billing_and_auth));
}

TEST_CASE("directories without a wanted test go, the fixtures above a wanted one stay") {
  CHECK(planned(billing_and_auth, containing("google")) ==
        "1 fixture ./__test__/_setup.sql 0\n"
        "2 fixture ./__test__/auth/_setup.sql 1\n"
        "3 test ./__test__/auth/oauth/test_google.sql 2\n"
        "4 teardown ./__test__/auth/oauth/ 2\n"
        "5 teardown ./__test__/auth/ 1\n"
        "6 teardown ./__test__/ 0\n");
  CHECK(planned(billing_and_auth, containing("stripe")) ==
        "1 fixture ./__test__/_setup.sql 0\n"
        "2 test ./__test__/billing/test_stripe.sql 1\n"
        "3 teardown ./__test__/billing/ 1\n"
        "4 teardown ./__test__/ 0\n");
}

TEST_CASE("a filter is not asked about fixtures, and one that wants only them wants nothing") {
  CHECK(planned(billing_and_auth, containing("_setup")).empty());
}

TEST_CASE("a directory with fixtures alone is no reason to run them") {
  CHECK(planned({"./__test__/_setup.sql", "./__test__/a/_setup.sql"}).empty());
  CHECK(planned({}).empty());
}

TEST_CASE("siblings come in byte order") {
  CHECK(planned({"./__test__/testc.sql", "./__test__/test_a.sql", "./__test__/test-b.sql",
                 "./__test__/Z.sql"}) ==
        "1 test ./__test__/Z.sql 0\n"
        "2 test ./__test__/test-b.sql 0\n"
        "3 test ./__test__/test_a.sql 0\n"
        "4 test ./__test__/testc.sql 0\n"
        "5 teardown ./__test__/ 0\n");
}

TEST_CASE("test directories anywhere in the tree follow each other by path") {
  CHECK(planned({"./b/__tests__/x.sql", "./a/__test__/y.sql", "./__test__/z.sql"}) ==
        "1 test ./__test__/z.sql 0\n"
        "2 teardown ./__test__/ 0\n"
        "3 test ./a/__test__/y.sql 0\n"
        "4 teardown ./a/__test__/ 0\n"
        "5 test ./b/__tests__/x.sql 0\n"
        "6 teardown ./b/__tests__/ 0\n");
}

TEST_CASE("an empty level keeps its depth and has no teardown") {
  CHECK(planned({"./__test__/_setup.sql", "./__test__/a/b/test.sql"}) ==
        "1 fixture ./__test__/_setup.sql 0\n"
        "2 test ./__test__/a/b/test.sql 2\n"
        "3 teardown ./__test__/a/b/ 2\n"
        "4 teardown ./__test__/ 0\n");
}

TEST_CASE("a directory that holds only other files yields a teardown above a test, and no step") {
  CHECK(planned({"./__test__/README.md", "./__test__/a/test.sql", "./__test__/a/data.csv"}) ==
        "1 test ./__test__/a/test.sql 1\n"
        "2 teardown ./__test__/a/ 1\n"
        "3 teardown ./__test__/ 0\n");
}

TEST_CASE("files outside test directories are no tests") {
  CHECK(planned({"./deploy/__test__.sql", "./tests/a.sql", "./__test__x/a.sql"}).empty());
}

TEST_CASE("parents of directories skip gaps") {
  const auto directories = test_directories(
      {"./m/__test__/a/b/c/x.sql", "./m/__test__/a/_setup.sql", "./m/x.sql", "./__test__/r.md"});
  std::string text;
  for (const TestDirectory& one : directories)
    text += fmt::format("{} '{}' {}\n", one.path, one.parent, one.depth);
  CHECK(text ==
        "./__test__/ '' 0\n"
        "./m/__test__/a/ '' 1\n"
        "./m/__test__/a/b/c/ './m/__test__/a/' 3\n");
}

TEST_CASE("tests are counted without fixtures and teardowns") {
  CHECK(count_tests(plan_tests(billing_and_auth)) == 4);
}

}  // namespace pgpm
