// What is reported about a plan: where, in which words, with which advice.
#include <catch2/catch.hpp>

#include "pgpm/plan.h"

using namespace pgpm;

namespace {

const std::string in_january = "2024-01-15T10:00:00Z";
const std::string by_planner = " " + in_january + " A <a@x>\n";

std::vector<Diagnostic> found(const std::string& body) {
  return read_plan("p", "%project=app\n" + body).diagnostics;
}

/// "line:column: message" of the only finding, "E" or "W" in front.
std::string only(const std::string& body) {
  const auto all = found(body);
  std::string text;
  for (const Diagnostic& d : all)
    text += std::string(text.empty() ? "" : " | ") + (d.severity == Severity::error ? "E " : "W ") +
            std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + " " + d.message;
  return text;
}

}  // namespace

TEST_CASE("lines that are no change lines are explained") {
  CHECK(only("foo # note\n") ==
        "E 2:5 a note needs a timestamp, a planner and an e-mail before it");
  CHECK(only("foo 2020-01-01 x <y>\n") ==
        "E 2:5 expected a timestamp like 2024-01-15T10:00:00Z (UTC, no fractions)");
  CHECK(only("foo 2020-01-01T00:00:00.5Z A <a>\n") ==
        "E 2:5 expected a timestamp like 2024-01-15T10:00:00Z (UTC, no fractions)");
  CHECK(only("foo" + by_planner + "bar " + in_january + " A <a@x> [foo]\n") ==
        "E 3:34 unexpected text behind the e-mail");
  CHECK(only("foo [a b" + by_planner) == "E 2:5 the list of requirements is not closed with ']'");
  CHECK(only("[foo] " + in_january + "\n") == "E 2:1 the change's name is missing");
  CHECK(only(in_january + " A <a@x>\n") == "E 2:1 the change's name is missing");
  CHECK(only("+\n") == "E 2:2 the change's name is missing");
  CHECK(only("a\nfoo[a]" + by_planner) == "E 3:4 a blank is missing before '['");
  CHECK(only("a\nb [a] [a]" + by_planner) == "E 3:7 a change has one list of requirements");
  CHECK(only("a/../b" + by_planner) ==
        "E 2:1 \"a/../b\" is no change name: it could leave the module's folder: it contains '..'");
  CHECK(only("a " + in_january + " Ann<a@x>\n") ==
        "E 2:27 a blank is missing between planner and <email>");
  CHECK(only("a " + in_january + " Ann <a@x\n") == "E 2:28 the e-mail is not closed with '>'");
  CHECK(only("a " + in_january + " Ann <>\n") == "E 2:28 the e-mail is empty");
  const auto all = found("foo 2020\n");
  CHECK(all.at(0).source_line == "foo 2020");
  CHECK(all.at(0).hint ==
        "a change line is: name [requirements] 2024-01-15T10:00:00Z Planner <email> # note");
}

TEST_CASE("the dead revert operator is an error with an explanation") {
  const auto all = found("a\n- a" + by_planner + "-a" + by_planner);
  REQUIRE(all.size() == 2);
  CHECK(all[0].message.find("revert") != std::string::npos);
  CHECK(all[0].hint.find("revert script") != std::string::npos);
  CHECK(all[1].where.line == 4);
}

TEST_CASE("tag lines that are none are explained") {
  CHECK(only("a\n@v1\n") ==
        "E 3:4 expected a timestamp like 2024-01-15T10:00:00Z (UTC, no fractions)");
  CHECK(only("a\n@v1 " + in_january + "\n") == "E 3:25 a tag needs a planner and an e-mail");
  CHECK(only("a\n@v1 " + in_january + " Ann\n") == "E 3:25 a tag needs a planner and an e-mail");
  CHECK(only("a\n@x/y" + by_planner) == "E 3:1 \"@x/y\" is no tag: it contains '/'");
  CHECK(only("a\n@ v1" + by_planner) == "E 3:1 \"@\" is no tag: it is empty");
  CHECK(only("a\n@v1 a b" + by_planner) ==
        "E 3:5 expected a timestamp like 2024-01-15T10:00:00Z (UTC, no fractions)");
  CHECK(only("@v1" + by_planner) == "E 2:1 tag \"@v1\" stands before the first change");
  CHECK(only("users\n@v1 usres" + by_planner) ==
        "E 3:5 tag \"@v1\" names an unknown change \"usres\"");
  CHECK(found("users\n@v1 usres" + by_planner).at(0).hint == "did you mean \"users\"?");
}

TEST_CASE("references that are none are explained, all of them") {
  CHECK(
      only("b [a: :c !]\n") ==
      "E 2:4 \"a:\" is no reference | E 2:7 \":c\" is no reference | E 2:10 \"!\" is no reference");
  CHECK(found("a\nc\nb [a, c]\n").at(0).hint ==
        "requirements are separated by blanks, not by commas");
  CHECK(found("a\nc\nb [a,c]\n").at(0).hint ==
        "changes in the list are separated by blanks, not by commas");
}

TEST_CASE("unknown, late and own requirements are found with their columns") {
  CHECK(only("users\nitems [users üsers]\n") == "E 3:14 unknown change \"üsers\"");
  CHECK(found("users\nitems [usesr]\n").at(0).hint == "did you mean \"users\"?");
  CHECK(only("a [@v1]\n") == "E 2:4 unknown tag \"@v1\"");
  CHECK(only("a\n@v1.0" + by_planner + "b [a@v2.0]\n") == "E 4:4 unknown tag \"@v2.0\"");
  CHECK(found("a\n@v1.0" + by_planner + "b [a@v2.0]\n").at(0).hint == "did you mean \"@v1.0\"?");
  CHECK(only("a [a]\n") == "E 2:4 change \"a\" requires itself");
  CHECK(only("a [app:b]\nb\n") ==
        "E 2:4 change \"a\" requires \"b\", which comes later in the plan (line 3)");
  CHECK(found("a [b]\nb\n").at(0).hint == "move line 3 above line 2");
  CHECK(only("a [@v1]\n@v1" + by_planner) == "E 2:4 change \"a\" requires itself");
  CHECK(only("a [@v1]\nb\n@v1" + by_planner) ==
        "E 2:4 change \"a\" requires \"b\", which comes later in the plan (line 3)");
  CHECK(only("x\n@v1" + by_planner + "a\nb [a@v1]\n") ==
        "E 5:4 change \"a\" does not exist yet at \"@v1\"");
  CHECK(only("a [HEAD]\n") == "E 2:4 change \"a\" requires itself");
  CHECK(only("a [ROOT^]\n") == "E 2:4 \"ROOT^\" is before the plan's first change");
  CHECK(only("a\nb [ROOT HEAD^]\n") == "");
  CHECK(only("a\nb [0123456789012345678901234567890123456789]\n") ==
        "E 3:4 no change of this plan has the id 0123456789012345678901234567890123456789");
}

TEST_CASE("conflicts and other modules are not looked for in the plan") {
  CHECK(only("a [!gone other:x !b]\nb\n") == "");
}

TEST_CASE("changes and tags that are there already") {
  CHECK(only("a\nb\na\n") == "E 4:1 change \"a\" is there already, in line 2");
  CHECK(only("a\n@v1" + by_planner + "a\na\n") == "E 5:1 change \"a\" is there already, in line 4");
  CHECK(only("a\n@v1" + by_planner + "b\n@v1" + by_planner) ==
        "E 5:1 tag \"@v1\" is there already, in line 3");
  CHECK(only("a\na [a]\n").find("line 2") != std::string::npos);
}

TEST_CASE(
    "a change that both requires and excludes another is refused, one named twice is only remarked "
    "on") {
  CHECK(only("a\nb [a !a]\n") == "E 3:6 \"a\" is both required and in conflict");
  CHECK(only("a\nb [a a]\n") == "W 3:6 \"a\" is in the list twice");
}

TEST_CASE("what the tools read silently and wrongly is a warning") {
  CHECK(only("a\nb " + in_january + " [a] Ann <a@x>\n").find("it requires nothing") !=
        std::string::npos);
  CHECK(only("a 2024-02-30T10:00:00Z A <a@x>\n") ==
        "W 2:3 there is no such time: 2024-02-30T10:00:00Z");
  CHECK(only("a 2024-02-29T23:59:60Z A <a@x>\n") == "");
  CHECK(only("%project=other\na\n") == "W 2:10 a second %project: \"other\" replaces \"app\"");
}

TEST_CASE("a plan needs a project") {
  CHECK(read_plan("p", "a\n").diagnostics.at(0).message == "the plan names no project");
  CHECK(read_plan("p", "").diagnostics.at(0).message == "the plan names no project");
  CHECK(read_plan("p", "%project\na\n").diagnostics.at(0).where.line == 1);
  CHECK(read_plan("p", "%project=\na\n").diagnostics.size() == 1);
  CHECK(read_plan("p", "%project=a:b\na\n").diagnostics.at(0).message ==
        "\"a:b\" is no project name: it contains ':'");
}

TEST_CASE("a file that is no text gets one message") {
  const auto utf16 = read_plan("p", std::string("%\0p\0r\0", 6)).diagnostics;
  REQUIRE(utf16.size() == 1);
  CHECK(utf16[0].message == "the plan contains a NUL byte");
  const auto latin = read_plan("p",
                               "%project=app\nabc d\xFC"
                               "f\n")
                         .diagnostics;
  REQUIRE(latin.size() == 1);
  CHECK(latin[0].where.to_string() == "p:2:6");
  CHECK(latin[0].message == "the plan is not valid UTF-8");
}

TEST_CASE("all problems are found in one reading, in the order of the file") {
  const auto all = found("b [zzzzzz]\n!\n@\nfoo bar\n");
  REQUIRE(all.size() == 4);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].where.line == i + 2);
}

TEST_CASE("hostile plans end in findings, and soon") {
  SECTION("one endless line of bad references") {
    std::string line = "a [";
    for (int i = 0; i < 200000; ++i) line += "x: ";
    const auto all = found(line + "]\n");
    CHECK(all.size() == 501);
    CHECK(all[0].source_line.size() <= 2000);
    CHECK(all.back().message.find("more problems") != std::string::npos);
  }
  SECTION("every line requires something unknown") {
    std::string text;
    for (int i = 0; i < 50000; ++i)
      text += "c" + std::to_string(i) + " [unknown_" + std::to_string(i) + "]\n";
    CHECK(found(text).size() == 501);
  }
  SECTION("one name reworked again and again, each time asked for by its oldest tag") {
    std::string text = "f\n@t0" + by_planner;
    for (int i = 1; i < 20000; ++i) text += "f [f@t0]\n@t" + std::to_string(i) + " f" + by_planner;
    CHECK(found(text).empty());
  }
  SECTION("endless names") {
    const std::string name(1000000, 'n');
    CHECK(found(name + "\nb [" + name + "x]\n").size() == 1);
  }
  SECTION("every cut of a valid plan") {
    const std::string text = "a\nb [a !x @v1^2 o:c@t] " + in_january + " Zoë <z@x> # n\\n\n@v1 a " +
                             in_january + " A <a> # x\n";
    for (std::size_t size = 0; size <= text.size(); ++size) (void)found(text.substr(0, size));
    SUCCEED("no cut crashes");
  }
}
