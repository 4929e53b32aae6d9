// Reading a project's folder: what is loaded, passed over and refused.
#include <catch2/catch.hpp>

#include "pgpm/session.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

std::string paths(const SessionProject& project) {
  std::string all;
  for (const SessionFile& file : project.files) all += file.path + (file.is_sql ? "\n" : " -\n");
  return all;
}

std::string problems(const TempWorkspace& tree, const SessionScanOptions& options = {}) {
  try {
    load_session_project(tree.root(), options);
  } catch (const Error& error) {
    std::string all = error_code_name(error.code());
    for (const Diagnostic& problem : error.diagnostics()) {
      const std::string file = problem.where.file;
      all += "\n" +
             file.substr(file.find(tree.root().filename().native()) +
                         tree.root().filename().native().size() + 1) +
             ": " + problem.message;
    }
    return all;
  }
  return "fine";
}

}  // namespace

TEST_CASE("every file is loaded but for what is passed over") {
  TempWorkspace tree({{"deploy.sql", "SELECT 1;"},
                      {"README.md", "# read me"},
                      {"pgmi.yaml", ""},
                      {"a/deploy.sql", "SELECT 2;"},
                      {"a/b/UPPER.SQL", "x"},
                      {"a/old.sql~", "x"},
                      {"a/none", "x"},
                      {".git/config", "x"},
                      {"a/.hidden.sql", "x"},
                      {"node_modules/a.sql", "x"},
                      {"__pycache__/a.sql", "x"},
                      {"a/__test__/test_a.sql", "x"},
                      {"a/__test__/data.csv", "x"},
                      {"__tests__/_setup.sql", "x"}});
  const SessionProject project = load_session_project(tree.root());
  CHECK(paths(project) ==
        "./README.md -\n./a/b/UPPER.SQL\n./a/deploy.sql\n./a/none -\n./a/old.sql~ -\n./pgmi.yaml "
        "-\n");
  CHECK(project.tests.size() == 2);
  CHECK(project.test_paths == std::vector<std::string>{"./__tests__/_setup.sql",
                                                       "./a/__test__/data.csv",
                                                       "./a/__test__/test_a.sql"});
  CHECK(project.files_read() == 9);
  CHECK(project.name == tree.root().filename());
}

TEST_CASE("a byte order mark is no content, line ends are") {
  TempWorkspace tree({{"deploy.sql", ""}, {"a.sql", "\xEF\xBB\xBFSELECT 1;\r\n"}, {"b.sql", ""}});
  const SessionProject project = load_session_project(tree.root());
  CHECK(project.files[0].content == "SELECT 1;\r\n");
  CHECK(project.files[1].content.empty());
}

TEST_CASE("what cannot be loaded is listed, each file once") {
  TempWorkspace tree({{"deploy.sql", ""},
                      {"nul.sql", std::string("a\0b\0", 4)},
                      {"latin.txt", "\xE9"},
                      {"big.csv", std::string(101, 'x')},
                      {"a/__foo__/a.sql", "x"},
                      {"a/__a_/a.sql", "x"},
                      {"____/a.sql", "x"}});
  tree.link("link.sql", tree.path("deploy.sql"));
  SessionScanOptions options;
  options.max_file_size = 100;
  const std::string found = problems(tree, options);
  CHECK(found.starts_with("configuration\n"));
  for (const char* line :
       {"\nnul.sql: NUL at byte 1", "\nlatin.txt: not UTF-8 at byte 0",
        "\nbig.csv: has 101 bytes: at most 100 are allowed", "\nlink.sql: is a symbolic link",
        "\na/__foo__: directories named like __foo__ are reserved"}) {
    INFO(found);
    CHECK(found.find(line) != std::string::npos);
  }
  CHECK(std::count(found.begin(), found.end(), '\n') == 5);
}

TEST_CASE("without deploy.sql there is no project") {
  TempWorkspace tree({{"Deploy.sql", ""}, {"a/deploy.sql", ""}});
  CHECK(problems(tree) == "script_missing");
  const auto load = [&](const char* name) { load_session_project(tree.path(name)); };
  CHECK_THROWS_WITH(load("nowhere"), Catch::Contains("does not exist"));
  CHECK_THROWS_WITH(load("Deploy.sql"), Catch::Contains("is no folder"));
  tree.link("linked", tree.path("a"));
  CHECK_THROWS_WITH(load("linked"), Catch::Contains("is a symbolic link"));
  CHECK_NOTHROW(load("a"));
}

TEST_CASE("deploy.sql is a readable text, of whatever length") {
  TempWorkspace tree({{"other.sql", ""}, {"deploy.sql", "SELECT 1;\n\xFF"}});
  const auto failure = [&] {
    try {
      load_session_project(tree.root());
    } catch (const Error& error) {
      return error_code_name(error.code()) + std::string(" ") + error.what();
    }
    return std::string("fine");
  };
  CHECK(failure() == "configuration deploy.sql is not UTF-8 text: byte 10");
  tree.write("deploy.sql", std::string("SELECT\0", 7));
  CHECK(failure() == "configuration deploy.sql is not UTF-8 text: byte 6");
  tree.write("deploy.sql", std::string(20000000, ' '));
  CHECK(failure() == "fine");
  tree.remove("deploy.sql");
  tree.link("deploy.sql", tree.path("other.sql"));
  CHECK(failure() == "configuration deploy.sql is a symbolic link");
  tree.remove("deploy.sql");
  tree.write("deploy.sql/", "");
  CHECK(failure().starts_with("other "));
}

TEST_CASE("metadata is read in SQL files that are no tests, ids once") {
  const std::string meta =
      "/* <pgmi-meta id='550e8400-e29b-41d4-a716-446655440000' idempotent='0'></pgmi-meta> */";
  TempWorkspace tree(
      {{"deploy.sql", meta}, {"a.sql", meta}, {"a.md", meta}, {"__test__/a.sql", meta}});
  CHECK(load_session_project(tree.root()).files[1].metadata);
  tree.write("z/b.sql", meta);
  CHECK(
      problems(tree) ==
      "configuration\nz/b.sql: id 550e8400-e29b-41d4-a716-446655440000 is that of ./a.sql as well");
}

TEST_CASE("the plan is in the order of the keys' bytes") {
  const auto with_keys = [](const std::string& digit, const std::string& keys) {
    return "/* <pgmi-meta id='550e8400-e29b-41d4-a716-44665544000" + digit +
           "' idempotent='1'><sortKeys>" + keys + "</sortKeys></pgmi-meta> */";
  };
  TempWorkspace tree({{"deploy.sql", ""},
                      {"fallback_a.sql", ""},
                      {"fallback-b.sql", with_keys("1", "")},
                      {"setup/functions.sql", ""},
                      {"migrations/002_data.sql", ""},
                      {"twice.sql", with_keys("2", "<key>999/000</key><key>001/000</key>")},
                      {"notes.md", ""}});
  const SessionProject project = load_session_project(tree.root());
  std::string order;
  for (const SessionPlanRow& row : session_plan(project, PlanFiles::sql_only))
    order += row.sort_key + " " + row.path + "\n";
  CHECK(order ==
        "./fallback-b.sql ./fallback-b.sql\n./fallback_a.sql ./fallback_a.sql\n"
        "./migrations/002_data.sql ./migrations/002_data.sql\n"
        "./setup/functions.sql ./setup/functions.sql\n001/000 ./twice.sql\n999/000 ./twice.sql\n");
  CHECK(session_plan(project, PlanFiles::all).size() == 7);
}
