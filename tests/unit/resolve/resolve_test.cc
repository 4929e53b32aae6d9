// Order of modules and meaning of references, on small workspaces.
#include <catch2/catch.hpp>

#include "pgpm/resolve.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using pgpm::tests::TempWorkspace;
using Strings = std::vector<std::string>;

namespace {

const std::string by_user = " 2024-01-15T10:00:00Z A <a@x>\n";

struct ModuleSpec {
  std::string name, requires_modules, body;
};

/// A workspace of modules packages/NAME, and the resolution of it.
struct Modules {
  TempWorkspace tree;
  Workspace workspace;
  explicit Modules(const std::vector<ModuleSpec>& modules) {
    tree.write("pgpm.json", R"({"packages": ["packages/*"]})");
    for (const ModuleSpec& module : modules)
      tree.write_module("packages/" + module.name, module.name,
                        "%project=" + module.name + "\n" + module.body, module.requires_modules);
    workspace = load_workspace(tree.root());
  }

  std::string order(const Strings& names = {}, Closure closure = Closure::with_required) const {
    const Resolution resolution = resolve(workspace, names, closure);
    std::string text;
    for (const ResolvedModule& module : resolution.modules)
      text += (text.empty() ? "" : " ") + module.module->name;
    return text;
  }

  /// Everything the change at `index` needs: "base:x !app:y ?other:z" (? = only the ledger knows).
  std::string needs(const std::string& module, std::size_t index) const {
    const Resolution resolution = resolve(workspace, {module});
    std::string text;
    for (const ResolvedDependency& d : resolution.find_package(module)->dependencies.at(index)) {
      if (!text.empty()) text += ' ';
      if (d.kind == Dependency::Kind::conflicts) text += '!';
      if (!d.known) text += '?';
      text += d.to_string();
    }
    return text;
  }

  std::vector<Diagnostic> problems(const Strings& names = {}) const {
    try {
      resolve(workspace, names);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::configuration);
      return error.diagnostics();
    }
    return {};
  }
};

Modules simple_with_tags() {
  return Modules(
      {{"my-first", "citext,plpgsql",
        "schema_myfirstapp\ntable_users\n@v1.0.0" + by_user + "table_products\n@v1.1.0" + by_user},
       {"my-second", "my-first,citext",
        "create_schema [my-first:@v1.0.0]\ncreate_table\n@v2.0.0" + by_user +
            "create_another_table\n@v2.1.0" + by_user},
       {"my-third", "my-second,pgcrypto",
        "create_schema [my-first:@v1.1.0 my-second:@v2.0.0]\n@v2.0.0" + by_user +
            "create_table [create_schema]\n@v3.0.0" + by_user}});
}

}  // namespace

TEST_CASE("modules come after what they require, native extensions stay with who needs them") {
  const Modules fixture = simple_with_tags();
  CHECK(fixture.order() == "my-first my-second my-third");
  CHECK(fixture.order({"my-second"}) == "my-first my-second");
  const Resolution resolution = resolve(fixture.workspace, {"my-third"});
  CHECK(resolution.warnings.empty());
  CHECK(resolution.modules[0].native_extensions == Strings{"citext", "plpgsql"});
  CHECK(resolution.modules[2].native_extensions == Strings{"pgcrypto"});
  CHECK_FALSE(resolution.modules[0].requested);
  CHECK(resolution.modules[2].requested);
  CHECK(resolution.find_package("nobody") == nullptr);
}

TEST_CASE("tags across modules are the changes they name") {
  const Modules fixture = simple_with_tags();
  CHECK(fixture.needs("my-second", 0) == "my-first:table_users");
  CHECK(fixture.needs("my-third", 0) == "my-first:table_products my-second:create_table");
  CHECK(fixture.needs("my-third", 1) == "my-third:create_schema");
}

TEST_CASE("order is stable: ties as in the workspace") {
  const Modules fixture({{"a", "d", ""}, {"b", "", ""}, {"c", "", ""}, {"d", "", ""}});
  CHECK(fixture.order() == "b c d a");
  CHECK(fixture.order({"c", "b"}) == "b c");
}

TEST_CASE("only the named modules, but in order") {
  const Modules fixture({{"a", "b", ""}, {"b", "c", ""}, {"c", "", ""}});
  CHECK(fixture.order({"a", "c"}, Closure::only_named) == "c a");
  CHECK(fixture.order({"a"}, Closure::only_named) == "a");
}

TEST_CASE("modules are required by any of their names") {
  Modules fixture({{"app", "@me/base,lib-project", ""}});
  fixture.tree.write_module("packages/zbase", "zbase", "%project=zbase-project\nx\n");
  fixture.tree.write("packages/zbase/package.json", R"({"name": "@me/base"})");
  fixture.tree.write_module("packages/zlib", "zlib",
                            "%project=lib-project\ny [zbase:x @me/base:x zbase-project:x]\n",
                            "zbase");
  fixture.workspace = load_workspace(fixture.tree.root());
  CHECK(fixture.order({"app"}) == "zbase zlib app");
  const Resolution resolution = resolve(fixture.workspace, {"zlib"});
  CHECK(resolution.find_package("lib-project")->dependencies[0].size() == 1);
  CHECK(resolution.find_package("lib-project")->dependencies[0][0].package == "zbase-project");
}

TEST_CASE("a circle of modules is named as its whole path") {
  const Modules fixture({{"a", "b", ""}, {"b", "c", ""}, {"c", "a", ""}, {"d", "", ""}});
  const auto problems = fixture.problems();
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].message == "modules require each other in a circle: a -> b -> c -> a");
  CHECK(problems[0].where.file == fixture.tree.path("packages/a/a.control").string());
  CHECK(problems[0].where.line == 2);
  CHECK(fixture.order({"d"}) == "d");
  CHECK(Modules({{"a", "a", ""}}).problems().at(0).message ==
        "modules require each other in a circle: a -> a");
}

TEST_CASE("a circle that only the plans make is found too") {
  const Modules fixture({{"a", "b", "x\n"}, {"b", "", "y [a:x]\n"}});
  CHECK(fixture.problems().at(0).message == "modules require each other in a circle: a -> b -> a");
}

TEST_CASE(
    "a plan that needs a module its control file does not require gets the edge and a warning") {
  const Modules fixture({{"a", "", "x\ny [z:w z:w]\n"}, {"z", "", "w\n"}});
  CHECK(fixture.order() == "z a");
  const Resolution resolution = resolve(fixture.workspace, {"a"});
  REQUIRE(resolution.warnings.size() == 1);
  CHECK(resolution.warnings[0].message ==
        "the plan of a requires z, but its control file does not");
  CHECK(resolution.warnings[0].where ==
        SourceLocation{fixture.tree.path("packages/a/pgpm.plan").string(), 3, 4});
  CHECK(resolution.warnings[0].source_line == "y [z:w z:w]");
  CHECK(resolve(fixture.workspace, {"z"}).warnings.empty());
}

TEST_CASE("what is required through another module needs no warning") {
  const Modules fixture({{"a", "b", "x [c:w]\n"}, {"b", "c", ""}, {"c", "", "w\n"}});
  CHECK(resolve(fixture.workspace, {}).warnings.empty());
}

TEST_CASE("an unknown module asked for is refused with the nearest name") {
  const Modules fixture({{"shop", "", ""}});
  const auto problems = fixture.problems({"shpo", "nothing-like-it"});
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].message == "there is no module \"shpo\"");
  CHECK(problems[0].hint == "did you mean \"shop\"?");
  CHECK(problems[1].hint == "");
}

TEST_CASE("a reference to a module outside the workspace is left to the ledger") {
  const Modules fixture({{"a", "", "x [other:y other:@v1 !other:z]\n"}});
  CHECK(fixture.needs("a", 0) == "?other:y ?other:@v1 !?other:z");
  CHECK(resolve(fixture.workspace, {}).warnings.size() == 1);
}

TEST_CASE("own references are reduced and repeated ones dropped") {
  const Modules fixture({{"a", "", "x\n@v1" + by_user + "y [x a:x @v1 x@v1 ROOT HEAD^]\n"}});
  CHECK(fixture.needs("a", 1) == "a:x");
  CHECK(resolve(fixture.workspace, {}).modules[0].dependencies[1][0].where.column == 4);
}

TEST_CASE("references name the instance of a reworked change that they mean") {
  const Modules fixture(
      {{"a", "",
        "f\n@v1" + by_user + "g [f]\nf [f]\n@v2" + by_user + "f [f@v1 f]\nh [f f@v2 @v1]\n"},
       {"b", "a", "x [a:f a:f@v1 a:@v2]\n"}});
  CHECK(fixture.needs("a", 1) == "a:f@v1");
  CHECK(fixture.needs("a", 2) == "a:f@v1");
  CHECK(fixture.needs("a", 3) == "a:f@v1 a:f@v2");
  CHECK(fixture.needs("a", 4) == "a:f a:f@v2 a:f@v1");
  CHECK(fixture.needs("b", 0) == "a:f a:f@v1 a:f@v2");
}

TEST_CASE("conflicts are kept, whether or not there is such a change") {
  const Modules fixture({{"a", "", "x\ny [!x !gone !b:gone !b:z]\n"}, {"b", "", "z\n"}});
  CHECK(fixture.needs("a", 1) == "!a:x !?a:gone !b:gone !b:z");
}

TEST_CASE("requiring and excluding one change by two spellings is an error") {
  const Modules fixture({{"a", "", "x\ny [x !a:x]\n"}});
  CHECK(fixture.problems().at(0).message == "\"a:x\" is both required and in conflict");
}

TEST_CASE("every unresolved reference of every module is reported at once") {
  const Modules fixture(
      {{"a", "", "x [b:zz1 b:@v9]\ny [nope]\nz [later]\nlater\n"}, {"b", "", "zzz\n"}});
  const auto problems = fixture.problems();
  REQUIRE(problems.size() == 4);
  CHECK(problems[0].message == "unknown change \"zz1\" in module b");
  CHECK(problems[0].hint == "did you mean \"zzz\"?");
  CHECK(problems[0].where.column == 4);
  CHECK(problems[0].source_line == "x [b:zz1 b:@v9]");
  CHECK(problems[1].message == "unknown tag \"@v9\" in module b");
  CHECK(problems[2].message == "unknown change \"nope\"");
  CHECK(problems[3].message ==
        "change \"z\" requires \"later\", which comes later in the plan (line 5)");
  try {
    resolve(fixture.workspace, {});
    FAIL("unresolved references are refused");
  } catch (const Error& error) {
    CHECK(std::string(error.what()) == "unknown change \"zz1\" in module b (and 3 more)");
    CHECK(error.where()->line == 2);
  }
  CHECK(fixture.problems({"b"}).empty());
}

TEST_CASE("a change may be required by its Sqitch id, also in another module") {
  const std::string id = "533396a8d0cfb1c68e51d957a0f345ea60aafb23";
  const Modules fixture(
      {{"flipr", "",
        "\nusers 2024-01-15T10:00:00Z Ann <ann@example.com> # add users\nx [" + id + "]\n"},
       {"other", "flipr", "y [flipr:" + id + "]\n"}});
  CHECK(fixture.needs("flipr", 1) == "flipr:users");
  CHECK(fixture.needs("other", 0) == "flipr:users");
}

TEST_CASE("a plan of 100,000 changes is resolved") {
  std::string body;
  for (int i = 0; i < 100000; ++i) {
    body += "c" + std::to_string(i);
    if (i > 2) body += " [c" + std::to_string(i - 1) + " c" + std::to_string(i / 2) + "]";
    body += "\n";
  }
  Workspace workspace;
  workspace.modules.push_back(Module{});
  Module& module = workspace.modules.back();
  PlanReading reading = read_plan("p", "%project=big\n" + body);
  REQUIRE(reading.diagnostics.empty());
  module.plan = std::move(reading.plan);
  module.name = module.package = "big";
  const Resolution resolution = resolve(workspace, {});
  REQUIRE(resolution.modules.at(0).dependencies.size() == 100000);
  CHECK(resolution.modules[0].dependencies[99999][1].change == "c49999");
}
