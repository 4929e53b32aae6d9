#include "cli/module_choice.h"

#include <catch2/catch.hpp>

#include "pgpm/error.h"

namespace pgpm::cli {
namespace {

using Names = std::vector<std::string>;

Module module_called(const std::string& name) {
  Module module;
  module.name = name;
  module.package = "pkg-" + name;
  module.npm_name = "@x/" + name;
  return module;
}

Workspace workspace_with(const Names& names, std::optional<std::size_t> current = std::nullopt) {
  Workspace workspace;
  workspace.has_manifest = true;
  for (const std::string& name : names) workspace.modules.push_back(module_called(name));
  workspace.current = current;
  return workspace;
}

ModuleRequest request(const Names& names = {}) {
  ModuleRequest asked;
  asked.names = names;
  return asked;
}

TEST_CASE("named modules are looked up by every name they have") {
  const Workspace workspace = workspace_with({"app", "base"}, 0);
  CHECK(choose_modules(workspace, request({"base"}), {}) == Names{"base"});
  CHECK(choose_modules(workspace, request({"pkg-base", "@x/app"}), {}) == Names{"base", "app"});
}

TEST_CASE("without a name it is the module of the working directory") {
  CHECK(choose_modules(workspace_with({"app", "base"}, 1), request(), {}) == Names{"base"});
}

TEST_CASE("--workspace --all is every module, also from inside one") {
  ModuleRequest asked;
  asked.workspace = asked.all = true;
  CHECK(choose_modules(workspace_with({"app", "base"}, 1), asked, {}).empty());
}

TEST_CASE("an unknown module names the nearest") {
  try {
    choose_modules(workspace_with({"app", "base"}), request({"bsae"}), {});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::configuration);
    CHECK(std::string(error.what()) == "there is no module \"bsae\"; did you mean \"base\"?");
    CHECK(error.hint() == "The workspace has: app, base.");
  }
}

TEST_CASE("at the root nothing is guessed") {
  try {
    choose_modules(workspace_with({"app", "base"}), request(), {});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
    CHECK(error.hint().find("app, base") != std::string::npos);
  }
  ModuleRequest reading;
  reading.at_root = ModuleRequest::AtRoot::all;
  CHECK(choose_modules(workspace_with({"app", "base"}), reading, {}).empty());
}

TEST_CASE("on a terminal a choice is offered") {
  Names offered;
  const Chooser choose = [&](const Names& names) {
    offered = names;
    return std::optional<std::string>("base");
  };
  CHECK(choose_modules(workspace_with({"app", "base"}), request(), choose) == Names{"base"});
  CHECK(offered == Names{"app", "base"});
  const Chooser leave = [](const Names&) { return std::optional<std::string>(); };
  CHECK_THROWS_AS(choose_modules(workspace_with({"app"}), request(), leave), Error);
  ModuleRequest workspace_only;
  workspace_only.workspace = true;
  CHECK(choose_modules(workspace_with({"app", "base"}, 0), workspace_only, choose) ==
        Names{"base"});
}

TEST_CASE("contradictions are refused") {
  const Workspace workspace = workspace_with({"app"}, 0);
  ModuleRequest all_alone;
  all_alone.all = true;
  CHECK_THROWS_WITH(choose_modules(workspace, all_alone, {}),
                    "--all means all modules of the workspace");
  all_alone.all_means = ModuleRequest::All::of_changes;
  CHECK(choose_modules(workspace, all_alone, {}) == Names{"app"});
  ModuleRequest both = request({"app"});
  both.workspace = both.all = true;
  CHECK_THROWS_AS(choose_modules(workspace, both, {}), Error);
}

TEST_CASE("a name that is missing because files are broken shows what is broken") {
  Workspace workspace = workspace_with({});
  workspace.diagnostics.push_back(Diagnostic{Severity::error, SourceLocation{"app/pgpm.plan", 3, 1},
                                             "invalid line", "???", ""});
  try {
    choose_modules(workspace, request({"app"}), {});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::configuration);
    REQUIRE(error.diagnostics().size() == 1);
  }
}

}  // namespace
}  // namespace pgpm::cli
