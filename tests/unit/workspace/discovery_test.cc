// Which modules a workspace has, from where it is found, and what is said about the odd ones.
#include <catch2/catch.hpp>

#include <unistd.h>

#include "pgpm/workspace.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using pgpm::tests::TempWorkspace;

namespace {

const std::string manifest_text = R"({"packages": ["packages/*"]})";

std::string names(const Workspace& workspace) {
  std::string text;
  for (const Module& module : workspace.modules) text += (text.empty() ? "" : " ") + module.name;
  return text;
}

std::string messages(const Workspace& workspace) {
  std::string text;
  for (const Diagnostic& d : workspace.diagnostics)
    text +=
        std::string(d.severity == Severity::error ? "E " : "W ") +
        std::filesystem::path(d.where.file).lexically_relative(workspace.root).generic_string() +
        ": " + d.message + "\n";
  return text;
}

TempWorkspace two_modules() {
  return TempWorkspace({{"pgpm.json", manifest_text},
                        {"packages/app/pgpm.plan", "%project=my-app\nusers\n"},
                        {"packages/app/app.control", "requires = 'base,plpgsql'\n"},
                        {"packages/app/package.json", R"({"name": "@me/app"})"},
                        {"packages/app/deploy/users.sql", "SELECT 1;\n"},
                        {"packages/base/pgpm.plan", "%project=base\n"},
                        {"packages/base/base.control", ""}});
}

}  // namespace

TEST_CASE("a workspace is found from its root, a module and any folder below") {
  const TempWorkspace tree = two_modules();
  for (const char* start :
       {"", "packages", "packages/app", "packages/app/deploy", "packages/app/deploy/users.sql"}) {
    INFO(start);
    const Workspace workspace = load_workspace(tree.path(start));
    CHECK(workspace.root == tree.root());
    CHECK(workspace.has_manifest);
    CHECK(messages(workspace) == "");
    CHECK(names(workspace) == "app base");
    CHECK(workspace.current.has_value() == (std::string(start).find("app") != std::string::npos));
  }
  const Workspace workspace = load_workspace(tree.path("packages/base"));
  CHECK(workspace.modules[workspace.current.value()].name == "base");
}

TEST_CASE("a module has three names, and all of them find it") {
  const TempWorkspace tree = two_modules();
  const Workspace workspace = load_workspace(tree.root());
  const Module* app = workspace.find("app");
  REQUIRE(app != nullptr);
  CHECK(app->package == "my-app");
  CHECK(app->npm_name == "@me/app");
  CHECK(app->control.requires_modules == std::vector<std::string>{"base", "plpgsql"});
  CHECK(workspace.find("my-app") == app);
  CHECK(workspace.find("@me/app") == app);
  CHECK(workspace.find("App") == nullptr);
  CHECK(workspace.find("") == nullptr);
  CHECK(app->script_path(Module::ScriptKind::verify, "a/b@v1.0") ==
        tree.path("packages/app/verify/a/b@v1.0.sql"));
}

TEST_CASE("a control name goes before another module's project") {
  const TempWorkspace tree({{"pgpm.json", manifest_text},
                            {"packages/a/pgpm.plan", "%project=b\n"},
                            {"packages/a/a.control", ""},
                            {"packages/b/pgpm.plan", "%project=c\n"},
                            {"packages/b/b.control", ""}});
  const Workspace workspace = load_workspace(tree.root());
  CHECK(workspace.find("b")->dir == tree.path("packages/b"));
  CHECK(workspace.find("a")->package == "b");
}

TEST_CASE("installed modules are found beside and below their scope") {
  TempWorkspace tree({{"pgpm.json", manifest_text},
                      {"extensions/plain/pgpm.plan", "%project=plain\n"},
                      {"extensions/plain/plain.control", ""},
                      {"extensions/@pgpm/verify/pgpm.plan", "%project=pgpm-verify\n"},
                      {"extensions/@pgpm/verify/pgpm-verify.control", ""},
                      {"elsewhere/own/pgpm.plan", "%project=own\n"},
                      {"elsewhere/own/own.control", ""},
                      {"extensions/plain/node_modules/x/pgpm.plan", "%project=x\n"}});
  CHECK(names(load_workspace(tree.root())) == "pgpm-verify plain");
  CHECK(names(load_workspace(tree.root(), "elsewhere")) == "own");
  tree.write("pgpm.json", R"({"extensionsDir": "elsewhere"})");
  CHECK(names(load_workspace(tree.root())) == "own");
}

TEST_CASE("patterns say where modules are, and where not") {
  TempWorkspace tree(
      {{"pgpm.json", R"({"packages": ["packages/**", "!packages/old", "!**/fixtures"]})"},
       {"packages/a/pgpm.plan", "%project=a\n"},
       {"packages/a/a.control", ""},
       {"packages/old/pgpm.plan", "%project=old\n"},
       {"packages/old/old.control", ""},
       {"packages/x/fixtures/f/pgpm.plan", "%project=f\n"},
       {"packages/x/fixtures/f/f.control", ""},
       {"outside/o/pgpm.plan", "%project=o\n"},
       {"outside/o/o.control", ""}});
  CHECK(names(load_workspace(tree.root())) == "a f");
  tree.write("pgpm.json", R"({"packages": ["packages/*", "!packages/old", "!**/fixtures"]})");
  CHECK(names(load_workspace(tree.root())) == "a");
  tree.write("pgpm.json", "{}");
  CHECK(names(load_workspace(tree.root())) == "");
}

TEST_CASE("below a matched directory modules are found, other workspaces are not") {
  const TempWorkspace tree({{"pgpm.json", manifest_text},
                            {"packages/group/a/pgpm.plan", "%project=a\n"},
                            {"packages/group/a/a.control", ""},
                            {"packages/group/a/deploy/b/pgpm.plan", "%project=b\n"},
                            {"packages/group/fixture/pgpm.json", "{}"},
                            {"packages/group/fixture/c/pgpm.plan", "%project=c\n"},
                            {"packages/node_modules/d/pgpm.plan", "%project=d\n"}});
  CHECK(names(load_workspace(tree.root())) == "a");
}

TEST_CASE("the nearest manifest makes the workspace") {
  const TempWorkspace tree({{"pgpm.json", manifest_text},
                            {"packages/inner/pgpm.json", R"({"packages": ["m/*"]})"},
                            {"packages/inner/m/a/pgpm.plan", "%project=a\n"},
                            {"packages/inner/m/a/a.control", ""}});
  CHECK(load_workspace(tree.path("packages/inner/m/a")).root == tree.path("packages/inner"));
}

TEST_CASE("a module outside any workspace stands alone") {
  const TempWorkspace tree(
      {{"app/pgpm.plan", "%project=app\n"}, {"app/app.control", ""}, {"app/verify/", ""}});
  const Workspace workspace = load_workspace(tree.path("app/verify"));
  CHECK_FALSE(workspace.has_manifest);
  CHECK(workspace.root == tree.path("app"));
  CHECK(names(workspace) == "app");
  CHECK(workspace.current == std::size_t{0});
}

TEST_CASE("the module one stands in counts even if no pattern matches it") {
  const TempWorkspace tree(
      {{"pgpm.json", manifest_text}, {"odd/pgpm.plan", "%project=odd\n"}, {"odd/odd.control", ""}});
  CHECK(names(load_workspace(tree.root())) == "");
  const Workspace workspace = load_workspace(tree.path("odd"));
  CHECK(names(workspace) == "odd");
  CHECK(messages(workspace) ==
        "W odd/pgpm.plan: no pattern of pgpm.json's \"packages\" matches this module\n");
}

TEST_CASE("neither workspace nor module is an error that says what makes one") {
  const TempWorkspace tree({{"x/y", ""}, {"js/pgpm.config.js", ""}});
  try {
    load_workspace(tree.path("x"));
    FAIL("nothing was there");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::configuration);
    CHECK(error.hint().find("pgpm init") != std::string::npos);
  }
  try {
    load_workspace(tree.path("js"));
    FAIL("JavaScript is not read");
  } catch (const Error& error) {
    CHECK(error.hint().find("pgpm.config.js is not read") != std::string::npos);
  }
  CHECK_THROWS_AS(load_workspace(tree.path("gone")), Error);
}

TEST_CASE("a JavaScript manifest is only remarked on, and only without a JSON one") {
  TempWorkspace tree(
      {{"pgpm.config.js", ""}, {"a/pgpm.plan", "%project=a\n"}, {"a/a.control", ""}});
  CHECK(load_workspace(tree.path("a")).diagnostics.at(0).message == "is not read");
  tree.write("pgpm.json", "{}");
  CHECK(messages(load_workspace(tree.root())) == "");
}

TEST_CASE("broken manifests are errors with their place") {
  TempWorkspace tree({{"pgpm.json", "{\n  \"packages\": [\n}"}});
  const Workspace broken = load_workspace(tree.root());
  REQUIRE(broken.diagnostics.size() == 1);
  CHECK(broken.has_errors());
  CHECK(broken.diagnostics[0].where.line == 3);
  CHECK(broken.diagnostics[0].source_line == "}");
  for (const char* text : {"[]", R"({"packages": "packages/*"})", R"({"packages": [1]})",
                           R"({"extensionsDir": 1})", ""}) {
    tree.write("pgpm.json", text);
    CHECK(load_workspace(tree.root()).has_errors());
  }
  tree.write("pgpm.json", std::string(100000, '['));
  CHECK(load_workspace(tree.root()).has_errors());
}

TEST_CASE("a broken package.json is a warning and no npm name") {
  TempWorkspace tree({{"pgpm.json", manifest_text},
                      {"packages/a/pgpm.plan", "%project=a\n"},
                      {"packages/a/a.control", ""},
                      {"packages/a/package.json", "{"}});
  const Workspace workspace = load_workspace(tree.root());
  CHECK_FALSE(workspace.has_errors());
  CHECK(workspace.diagnostics.size() == 1);
  CHECK(workspace.modules.at(0).npm_name == "");
}

TEST_CASE("plan problems of all modules are collected") {
  const TempWorkspace tree({{"pgpm.json", manifest_text},
                            {"packages/a/pgpm.plan", "%project=a\nx [y]\n-z\n"},
                            {"packages/a/a.control", ""},
                            {"packages/b/pgpm.plan", "x\n"},
                            {"packages/b/b.control", ""}});
  const Workspace workspace = load_workspace(tree.root());
  CHECK(workspace.diagnostics.size() == 3);
  CHECK(workspace.diagnostics[0].where.file == tree.path("packages/a/pgpm.plan").string());
  CHECK(workspace.has_errors());
}

TEST_CASE("a missing control file is a warning; the module is called by its project") {
  const TempWorkspace tree(
      {{"pgpm.json", manifest_text}, {"packages/a/pgpm.plan", "%project=app\n"}});
  const Workspace workspace = load_workspace(tree.root());
  CHECK(names(workspace) == "app");
  CHECK_FALSE(workspace.has_errors());
  CHECK(workspace.diagnostics.size() == 1);
}

TEST_CASE(
    "of two control files the one that the plan names is read, and both names find the module") {
  const TempWorkspace tree({{"pgpm.json", manifest_text},
                            {"packages/m/pgpm.plan", "%project=pgpm-measurements\n"},
                            {"packages/m/measurements.control", "requires = 'x'\n"},
                            {"packages/m/pgpm-measurements.control", "requires = 'y'\n"}});
  const Workspace workspace = load_workspace(tree.root());
  REQUIRE(workspace.modules.size() == 1);
  CHECK(workspace.modules[0].name == "pgpm-measurements");
  CHECK(workspace.modules[0].control.requires_modules == std::vector<std::string>{"y"});
  CHECK(workspace.find("measurements") == &workspace.modules[0]);
  CHECK(messages(workspace).find("W packages/m/measurements.control: a second control file") == 0);
}

TEST_CASE("of two modules with one name the shorter path counts") {
  const TempWorkspace tree({{"pgpm.json", manifest_text},
                            {"packages/a-copy/pgpm.plan", "%project=a\n"},
                            {"packages/a-copy/a.control", ""},
                            {"packages/a/pgpm.plan", "%project=a\n"},
                            {"packages/a/a.control", ""}});
  const Workspace workspace = load_workspace(tree.root());
  REQUIRE(workspace.modules.size() == 1);
  CHECK(workspace.modules[0].dir == tree.path("packages/a"));
  REQUIRE(workspace.diagnostics.size() == 1);
  CHECK(workspace.diagnostics[0].message.find(tree.path("packages/a/pgpm.plan").string()) !=
        std::string::npos);
  CHECK(workspace.diagnostics[0].where.file == tree.path("packages/a-copy/pgpm.plan").string());
}

TEST_CASE("two modules with one ledger name are an error") {
  const TempWorkspace tree({{"pgpm.json", manifest_text},
                            {"packages/a/pgpm.plan", "%project=same\n"},
                            {"packages/a/a.control", ""},
                            {"packages/b/pgpm.plan", "%project=same\n"},
                            {"packages/b/b.control", ""}});
  const Workspace workspace = load_workspace(tree.root());
  CHECK(workspace.has_errors());
  CHECK(messages(workspace).find("E packages/b/pgpm.plan: %project \"same\" is also that of") == 0);
}

TEST_CASE("links: inside they are followed once, outside they are ignored") {
  TempWorkspace outside({{"evil/pgpm.plan", "%project=evil\n"}, {"evil/evil.control", ""}});
  TempWorkspace tree({{"pgpm.json", manifest_text},
                      {"packages/", ""},
                      {"real/a/pgpm.plan", "%project=a\n"},
                      {"real/a/a.control", ""}});
  tree.link("packages/a", tree.path("real/a"));
  tree.link("packages/again", tree.path("real/a"));
  tree.link("packages/evil", outside.path("evil"));
  tree.link("packages/broken", tree.path("nowhere"));
  const Workspace workspace = load_workspace(tree.path("packages/a"));
  CHECK(names(workspace) == "a");
  CHECK(workspace.modules.at(0).dir == tree.path("real/a"));
  CHECK(workspace.current == std::size_t{0});
  CHECK(messages(workspace).find("W packages/evil: the link leads out of the workspace") == 0);
}

TEST_CASE("apply proxies and control files without a plan are remarked on") {
  const TempWorkspace tree({{"pgpm.json", manifest_text},
                            {"packages/p/pgpm.apply.json", "{}"},
                            {"packages/c/c.control", ""}});
  const Workspace workspace = load_workspace(tree.root());
  CHECK(workspace.modules.empty());
  CHECK(messages(workspace) ==
        "W packages/c/c.control: there is no pgpm.plan beside it: this is no module\n"
        "W packages/p/pgpm.apply.json: apply proxies are not supported: this one is ignored\n");
}

TEST_CASE("a plan that cannot be read is an error of the workspace") {
  if (::geteuid() == 0) return;  // root reads everything
  TempWorkspace tree({{"pgpm.json", manifest_text},
                      {"packages/a/pgpm.plan", "%project=a\n"},
                      {"packages/a/a.control", ""}});
  std::filesystem::permissions(tree.path("packages/a/pgpm.plan"), std::filesystem::perms::none);
  CHECK(load_workspace(tree.root()).has_errors());
}

TEST_CASE("a superseded change's scripts carry the newest tag that has a file") {
  const std::string by = " 2024-01-15T10:00:00Z A <a@x>\n";
  TempWorkspace tree(
      {{"pgpm.plan", "%project=a\nf\n@v1" + by + "@v2" + by + "g\n@v3" + by + "f\nlast\n"},
       {"a.control", ""}});
  const auto script_name = [&] {
    return load_workspace(tree.root()).modules.at(0).plan.changes.at(0).script_name;
  };
  CHECK(script_name() == "f@v3");
  tree.write("deploy/f@v1.sql", "");
  CHECK(script_name() == "f@v1");
  tree.write("deploy/f@v2.sql", "");
  CHECK(script_name() == "f@v2");
  tree.write("revert/f@v3.sql", "");
  CHECK(script_name() == "f@v2");
  CHECK(load_workspace(tree.root()).modules.at(0).plan.changes.at(2).script_name == "f");
}
