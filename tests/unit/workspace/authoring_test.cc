// What add_tag, add_change and init write, to the byte, and what they refuse before writing.
#include <catch2/catch.hpp>

#include "pgpm/authoring.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using pgpm::tests::TempWorkspace;
using Strings = std::vector<std::string>;

namespace {

const Authorship by_ann{"Ann Doe", "ann@example.com", "2024-01-15T10:00:00Z"};
const std::string by_user = " 2024-01-15T10:00:00Z Ann Doe <ann@example.com>";

struct Lone {
  TempWorkspace tree;
  explicit Lone(const std::string& plan) { tree.write_module(".", "app", plan); }
  Workspace load() const { return load_workspace(tree.root()); }
  std::string tag(const std::string& name, const std::string& change = "",
                  const std::string& note = "") const {
    return add_tag(load().modules.at(0), name, change, note, by_ann);
  }
  Strings add(const NewChange& change) const {
    const Workspace workspace = load();
    return add_change(workspace, workspace.modules.at(0), change, by_ann);
  }
  std::string plan() const { return tree.read("pgpm.plan"); }
};

template <typename Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::configuration);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a tag goes behind its change and the tags that are there, and no other byte moves") {
  const std::string head = "# top\r\n  %project = app\r\n%odd\r\n\r\n  a   [ ]   # x\r\n";
  const std::string plain =
      "%project=app\n\na\n# between\n@v1 2020-01-01T00:00:00Z B <b@x>\n\nb\n\n# end\n";
  SECTION("the last change") {
    const Lone lone(plain);
    CHECK(lone.tag("v2", "", "Second \\ release\nat last") == "b");
    CHECK(lone.plan() ==
          "%project=app\n\na\n# between\n@v1 2020-01-01T00:00:00Z B <b@x>\n\nb\n@v2" + by_user +
              " # Second \\\\ release\\nat last\n\n# end\n");
    CHECK(lone.load().modules.at(0).plan.tags.at(1).note == "Second \\ release\nat last");
  }
  SECTION("an older change that has a tag") {
    const Lone lone(plain);
    CHECK(lone.tag("v1.1", "a") == "a");
    CHECK(lone.plan() == "%project=app\n\na\n# between\n@v1 2020-01-01T00:00:00Z B <b@x>\n@v1.1" +
                             by_user + "\n\nb\n\n# end\n");
  }
  SECTION("CRLF, and no line end at the end") {
    const Lone lone("%project=app\r\na\r\nb");
    lone.tag("v1");
    CHECK(lone.plan() == "%project=app\r\na\r\nb\r\n@v1" + by_user + "\r\n");
  }
  SECTION("a tag line further down that names the change keeps its place") {
    const Lone lone("%project=app\na\nb\n@old a 2020-01-01T00:00:00Z B <b@x>\n");
    lone.tag("v1", "a");
    CHECK(lone.plan() ==
          "%project=app\na\n@v1" + by_user + "\nb\n@old a 2020-01-01T00:00:00Z B <b@x>\n");
    CHECK(lone.load().modules.at(0).plan.find_tag("v1")->change == 0);
  }
  SECTION("a byte order mark") {
    const Lone lone("\xEF\xBB\xBF%project=app\na");
    lone.tag("v1");
    CHECK(lone.plan() == "\xEF\xBB\xBF%project=app\na\n@v1" + by_user + "\n");
  }
  SECTION("by reference") {
    const Lone lone(plain);
    CHECK(lone.tag("v0", "@v1") == "a");
    CHECK(lone.tag("v00", "HEAD^") == "a");
  }
}

TEST_CASE("tags that cannot be are refused and nothing is written") {
  const std::string text = "%project=app\na\n@v1 2020-01-01T00:00:00Z B <b@x>\na\nb\n";
  const Lone lone(text);
  CHECK(refusal([&] { lone.tag("x/y"); }) == "\"x/y\" is no tag name: it contains '/'");
  CHECK(refusal([&] { lone.tag("@x"); }) != "");
  CHECK(refusal([&] { lone.tag("v1"); }) == "tag \"@v1\" is there already, on change \"a\"");
  CHECK(refusal([&] { lone.tag("v2", "c"); }) == "unknown change \"c\" (module app)");
  CHECK(refusal([&] { lone.tag("v2", "a"); }).find("ambiguous") != std::string::npos);
  CHECK(refusal([&] {
          add_tag(lone.load().modules.at(0), "v2", "", "", {"", "a@x", by_ann.timestamp});
        }) != "");
  CHECK(refusal([&] {
          add_tag(lone.load().modules.at(0), "v2", "", "", {"A", "<>", by_ann.timestamp});
        }) != "");
  CHECK(refusal([&] {
          add_tag(lone.load().modules.at(0), "v2", "", "", {"A", "a@x", "today"});
        }) != "");
  CHECK(refusal([&] { add_tag(lone.load().modules.at(0), "v2", "", "\xFF", by_ann); }) != "");
  CHECK(lone.plan() == text);
  const Lone empty("%project=app\n");
  CHECK(refusal([&] { empty.tag("v1"); }) == "the plan has no change to tag");
  const Lone broken("%project=app\na [zzzz]\n");
  CHECK(refusal([&] { broken.tag("v1"); }).find("has errors") != std::string::npos);
}

TEST_CASE("planners with odd names do not break the plan") {
  const Lone lone("%project=app\na\n");
  add_tag(lone.load().modules.at(0), "v1", "", "", {"Ann <the>\n #1", "ann@x", by_ann.timestamp});
  CHECK(lone.load().modules.at(0).plan.tags.at(0).planner == "Ann the  1");
}

TEST_CASE("the plan is read again before it is written: what came in meanwhile stays") {
  Lone lone("%project=app\na\n");
  const Workspace before = lone.load();
  lone.tree.write("pgpm.plan", "%project=app\na\nb\n");
  CHECK(add_tag(before.modules.at(0), "v1", "", "", by_ann) == "b");
}

TEST_CASE("a new change gets a line and three scripts") {
  const Lone lone("%project=app\na\n@v1 2020-01-01T00:00:00Z B <b@x>\n");
  CHECK(lone.add({"schemas/app/users", {"a", "app:a", "@v1"}, {"gone"}, "the users"}) ==
        Strings{"deploy/schemas/app/users.sql", "revert/schemas/app/users.sql",
                "verify/schemas/app/users.sql", "pgpm.plan"});
  CHECK(lone.plan() ==
        "%project=app\na\n@v1 2020-01-01T00:00:00Z B <b@x>\n\nschemas/app/users [a @v1 !gone]" +
            by_user + " # the users\n");
  const std::string deploy = lone.tree.read("deploy/schemas/app/users.sql");
  CHECK(deploy.find("-- Deploy: schemas/app/users\n-- requires: a\n-- requires: @v1\n") == 0);
  CHECK(deploy.find("\nBEGIN") == std::string::npos);
  CHECK(lone.tree.read("revert/schemas/app/users.sql").find("-- Revert: schemas/app/users\n") == 0);
  CHECK(lone.tree.read("verify/schemas/app/users.sql").find("-- Verify: schemas/app/users\n") == 0);
  CHECK_FALSE(lone.load().has_errors());
}

TEST_CASE("a change's line follows the plan's own style") {
  SECTION("no blank line behind an untagged change; the note is made up") {
    const Lone lone("%project=app\na");
    lone.add({"b", {}, {}, ""});
    CHECK(lone.plan() == "%project=app\na\nb" + by_user + " # add b\n");
  }
  SECTION("CRLF") {
    const Lone lone("%project=app\r\na\r\n");
    lone.add({"b", {}, {}, "n"});
    CHECK(lone.plan() == "%project=app\r\na\r\nb" + by_user + " # n\r\n");
  }
  SECTION("the first change is set off from the pragmas") {
    const Lone lone("%project=app");
    lone.add({"b", {}, {}, "n"});
    CHECK(lone.plan() == "%project=app\n\nb" + by_user + " # n\n");
  }
}

TEST_CASE("references that only one tool reads are written as the change they mean") {
  const Lone lone("%project=app\na\nb\n");
  lone.add({"c", {"HEAD", "b^", "ROOT"}, {}, "n"});
  CHECK(lone.plan().find("\nc [b a] ") != std::string::npos);
}

TEST_CASE("requirements on other modules are checked as far as they are known") {
  TempWorkspace tree({{"pgpm.json", R"({"packages": ["*"]})"}});
  tree.write_module("base", "base", "%project=pgpm-base\nx\n@v1 2020-01-01T00:00:00Z B <b@x>\n");
  tree.write_module("app", "app", "%project=app\n");
  const auto add = [&](const std::string& name, const Strings& required) {
    const Workspace workspace = load_workspace(tree.root());
    return add_change(workspace, *workspace.find("app"), {name, required, {}, "n"}, by_ann);
  };
  add("one", {"base:x", "pgpm-base:@v1", "elsewhere:y", "base:HEAD"});
  CHECK(tree.read("app/pgpm.plan").find("one [base:x pgpm-base:@v1 elsewhere:y] ") !=
        std::string::npos);
  CHECK(refusal([&] { add("two", {"base:y"}); }).find("unknown change \"y\"") != std::string::npos);
  CHECK(refusal([&] { add("two", {"base:@v2"}); }).find("unknown tag \"@v2\"") !=
        std::string::npos);
}

TEST_CASE("changes that cannot be are refused and nothing is written") {
  Lone lone("%project=app\na\n");
  lone.tree.write("deploy/file", "not a folder");
  const std::string before = lone.plan();
  for (const char* name :
       {"", "a", "../evil", "/etc/evil", "x/../../evil", "a b", "-x", "HEAD", "x]", "file/x"}) {
    INFO(name);
    CHECK(refusal([&] { lone.add({name, {}, {}, ""}); }) != "");
  }
  CHECK(refusal([&] {
          lone.add({"b", {"zzz"}, {}, ""});
        }) == "\"zzz\" cannot be required: unknown change \"zzz\"");
  CHECK(refusal([&] { lone.add({"b", {"b"}, {}, ""}); }) != "");
  CHECK(refusal([&] { lone.add({"b", {"@v1"}, {}, ""}); }) != "");
  CHECK(refusal([&] { lone.add({"b", {"a:"}, {}, ""}); }) == "\"a:\" is no change reference");
  CHECK(refusal([&] { lone.add({"b", {}, {"!"}, ""}); }) != "");
  CHECK(lone.plan() == before);
  CHECK_FALSE(lone.tree.exists("deploy/b.sql"));
  CHECK_FALSE(lone.tree.exists("revert/b.sql"));
}

TEST_CASE("scripts that exist are kept") {
  Lone lone("%project=app\n");
  lone.tree.write("deploy/b.sql", "mine");
  CHECK(lone.add({"b", {}, {}, ""}) == Strings{"revert/b.sql", "verify/b.sql", "pgpm.plan"});
  CHECK(lone.tree.read("deploy/b.sql") == "mine");
}

TEST_CASE("a link inside the module does not lead scripts out of it") {
  const TempWorkspace outside;
  Lone lone("%project=app\n");
  lone.tree.link("deploy/out", outside.root());
  CHECK(refusal([&] { lone.add({"out/evil", {}, {}, ""}); }).find("outside") != std::string::npos);
  CHECK_FALSE(outside.exists("evil.sql"));
  CHECK_FALSE(lone.tree.exists("revert/out"));
}

TEST_CASE("a new workspace") {
  TempWorkspace tree;
  CHECK(init_workspace(tree.path("ws"), "shop") == Strings{"pgpm.json"});
  CHECK(tree.read("ws/pgpm.json") ==
        "{\n  \"name\": \"shop\",\n  \"packages\": [\n    \"packages/*\"\n  ],\n  "
        "\"extensionsDir\": \"extensions\"\n}\n");
  CHECK(tree.exists("ws/packages"));
  CHECK(load_workspace(tree.path("ws")).diagnostics.empty());
  CHECK(refusal([&] { init_workspace(tree.path("ws"), ""); }).find("exists already") !=
        std::string::npos);
}

TEST_CASE("a new module goes where the workspace looks for it") {
  TempWorkspace tree(
      {{"pgpm.json", R"({"packages": ["mods/*", "deep/*/m"]})"}, {"mods/", ""}, {"other/", ""}});
  CHECK(init_module(tree.root(), "app", {"plpgsql", "base"}) ==
        Strings{"mods/app/pgpm.plan", "mods/app/app.control", "mods/app/Makefile",
                "mods/app/package.json"});
  CHECK(tree.read("mods/app/pgpm.plan") == "%syntax-version=1.0.0\n%project=app\n%uri=app\n\n");
  CHECK(tree.read("mods/app/app.control").find("requires = 'plpgsql,base'\n") != std::string::npos);
  CHECK(tree.read("mods/app/Makefile").find("DATA = sql/app--0.0.1.sql\n") != std::string::npos);
  CHECK(tree.read("mods/app/package.json") ==
        "{\n  \"name\": \"app\",\n  \"version\": \"0.0.1\"\n}\n");
  CHECK(tree.exists("mods/app/verify"));
  CHECK(init_module(tree.path("mods"), "base", {})[0] == "base/pgpm.plan");
  const Workspace workspace = load_workspace(tree.root());
  CHECK(workspace.diagnostics.empty());
  CHECK(workspace.modules.size() == 2);
  CHECK(refusal([&] { init_module(tree.root(), "app", {}); }) ==
        "there is a module \"app\" already");
  CHECK(refusal([&] { init_module(tree.path("mods/app"), "x", {}); }).find("inside of a module") !=
        std::string::npos);
  CHECK(refusal([&] { init_module(tree.path("other"), "x", {}); }).find("would not find") !=
        std::string::npos);
}

TEST_CASE("a new module outside any workspace is the directory itself") {
  TempWorkspace tree;
  CHECK(init_module(tree.root(), "app", {}) ==
        Strings{"pgpm.plan", "app.control", "Makefile", "package.json"});
  CHECK(load_workspace(tree.root()).modules.at(0).name == "app");
}

TEST_CASE("modules that cannot be are refused and nothing is written") {
  TempWorkspace tree({{"Makefile", "mine"}});
  for (const char* name : {"", "../x", "a/b", "a.b", "a--b"})
    CHECK(refusal([&] { init_module(tree.root(), name, {}); }) != "");
  CHECK(refusal([&] { init_module(tree.root(), "a", {"a"}); }) == "\"a\" cannot require itself");
  CHECK(refusal([&] { init_module(tree.root(), "a", {"b,c"}); }) != "");
  CHECK(refusal([&] { init_module(tree.root(), "a", {}); }).find("Makefile exists already") !=
        std::string::npos);
  CHECK(tree.read("Makefile") == "mine");
  CHECK_FALSE(tree.exists("pgpm.plan"));
}
