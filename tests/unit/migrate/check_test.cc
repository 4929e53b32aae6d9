// check(): each finding as one line of text.
#include <catch2/catch.hpp>

#include "pgpm/authoring.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using pgpm::tests::TempWorkspace;

namespace {

const std::string by_user = " 2024-01-15T10:00:00Z A <a@x>\n";

/// One line per finding: severity, file relative to the root, place, message.
std::string findings(const TempWorkspace& tree, const std::vector<std::string>& modules = {}) {
  std::string text;
  for (const Diagnostic& d : check(load_workspace(tree.root()), modules)) {
    SourceLocation where = d.where;
    where.file = std::filesystem::path(where.file).lexically_relative(tree.root()).generic_string();
    text +=
        (d.severity == Severity::error ? "E " : "W ") + where.to_string() + " " + d.message + "\n";
  }
  return text;
}

TempWorkspace clean() {
  TempWorkspace tree({{"pgpm.json", R"({"packages": ["*"]})"}});
  tree.write_module("app", "app", "%project=app\nusers [base:x]\n@v1" + by_user + "users\n",
                    "base");
  tree.write_module("base", "base", "%project=base\nx\n");
  tree.write("app/deploy/users@v1.sql",
             "-- Deploy app:users to pg\n-- requires: base:x\nSELECT 1;\n");
  tree.write("app/revert/users@v1.sql", "-- Deploy app:users to pg\nSELECT 1;\n");
  tree.write("app/verify/users@v1.sql", "-- Verify app:users on pg\nSELECT 1;\n");
  return tree;
}

}  // namespace

TEST_CASE("a clean workspace has no findings") {
  CHECK(findings(clean()) == "");
}

TEST_CASE("missing scripts: deploy is an error, the others warnings") {
  TempWorkspace tree = clean();
  for (const char* kind : {"deploy", "revert", "verify"})
    tree.remove("base/" + std::string(kind) + "/x.sql");
  CHECK(findings(tree) ==
        "E base/pgpm.plan:2 change \"x\" has no deploy script\n"
        "W base/pgpm.plan:2 change \"x\" has no revert script\n"
        "W base/pgpm.plan:2 change \"x\" has no verify script\n");
}

TEST_CASE("scripts that cannot be run are errors with their place") {
  TempWorkspace tree = clean();
  tree.write("base/deploy/x.sql", "SELECT 1;\n\\set a 1\n");
  tree.write("base/verify/x.sql", "SELECT '\xFF';\n");
  const std::string found = findings(tree);
  CHECK(found.find("E base/deploy/x.sql:2") != std::string::npos);
  CHECK(found.find("E base/verify/x.sql:1") != std::string::npos);
}

TEST_CASE("headers that name something else") {
  TempWorkspace tree = clean();
  tree.write("base/deploy/x.sql", "-- Deploy other:y to pg\nSELECT 1;\n");
  const std::string found = findings(tree);
  CHECK(found.find("the header names change \"y\", but the file belongs to \"x\"") !=
        std::string::npos);
  CHECK(found.find("the header names module \"other\", but the file belongs to \"base\"") !=
        std::string::npos);
  CHECK(found.find("E ") == std::string::npos);
}

TEST_CASE("names with dashes and dots in headers are whole names") {
  TempWorkspace tree({{"pgpm.json", R"({"packages": ["*"]})"}});
  tree.write_module("m", "my-mod", "%project=my-mod\na-b.c\n");
  tree.write("m/deploy/a-b.c.sql", "-- Deploy my-mod:a-b.c to pg\nSELECT 1;\n");
  CHECK(findings(tree) == "");
}

TEST_CASE("requirements in headers are compared by what they mean") {
  TempWorkspace tree({{"pgpm.json", R"({"packages": ["*"]})"}});
  tree.write_module("m", "m", "%project=m\na\n@v1" + by_user + "b\nc [a b]\n");
  tree.write("m/deploy/c.sql", "-- Deploy m:c\n-- requires: m:b\n-- requires: @v1\nSELECT 1;\n");
  CHECK(findings(tree) == "");
  tree.write("m/deploy/c.sql", "-- Deploy m:c\n-- requires: b\n-- requires: other:x\nSELECT 1;\n");
  CHECK(findings(tree) ==
        "W m/deploy/c.sql:2:4 the header's requirements are not those of the plan: only here: "
        "other:x; only in the plan: m:a\n");
  tree.write("m/deploy/c.sql", "-- Deploy m:c\nSELECT 1;\n");
  CHECK(findings(tree) == "");
}

TEST_CASE("scripts that no change uses") {
  TempWorkspace tree = clean();
  tree.write("base/deploy/deep/er/old.sql", "");
  tree.write("base/verify/users@v1.sql", "");
  tree.write("base/verify/notes.txt", "");
  CHECK(findings(tree) ==
        "W base/deploy/deep/er/old.sql no change of the plan uses this script\n"
        "W base/verify/users@v1.sql no change of the plan uses this script\n");
}

TEST_CASE("plans, control files, manifests, references and circles, each once and sorted") {
  TempWorkspace tree({{"pgpm.json", R"({"packages": ["*"]})"}});
  tree.write_module("a", "a", "%project=a\nx [zzzz b:nothing]\n-y\n", "b");
  tree.write_module("b", "b", "%project=b\nw\n");
  tree.write("b/b.control", "requires = 'a'\nnonsense\n");
  CHECK(findings(tree) ==
        "E a/a.control:2 modules require each other in a circle: a -> b -> a\n"
        "E a/pgpm.plan:2:4 unknown change \"zzzz\"\n"
        "E a/pgpm.plan:3:1 a line that starts with '-' is Sqitch's old \"revert\" operator, which "
        "nothing obeys\n"
        "W b/b.control:2:1 this is no \"name = 'value'\" line\n");
  tree.write("b/b.control", "");
  CHECK(findings(tree).find("E a/pgpm.plan:2:9 unknown change \"nothing\" in module b\n") !=
        std::string::npos);
}

TEST_CASE("named modules are checked with what they require, and nothing else") {
  TempWorkspace tree = clean();
  tree.write_module("odd", "odd", "%project=odd\n-x\n");
  tree.write("base/deploy/old.sql", "");
  CHECK(findings(tree, {"app"}) ==
        "W base/deploy/old.sql no change of the plan uses this script\n");
  CHECK(findings(tree, {"nobody"}).find("there is no module \"nobody\"") != std::string::npos);
}
