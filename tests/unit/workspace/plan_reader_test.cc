// Which plans are read, and what is made of their lines. What is reported is in
// plan_problems_test.cc.
#include <catch2/catch.hpp>

#include "pgpm/plan.h"

using namespace pgpm;

namespace {

std::string all(const PlanReading& reading) {
  std::string text;
  for (const Diagnostic& d : reading.diagnostics)
    text += d.where.to_string() + ": " + d.message + "\n";
  return text;
}

Plan good(const std::string& text) {
  PlanReading reading = read_plan("pgpm.plan", text);
  CHECK(all(reading) == "");
  return std::move(reading.plan);
}

const std::string at_time = "2024-01-15T10:00:00Z";

}  // namespace

TEST_CASE("a plan as the tools write it") {
  const Plan plan = good(
      "%syntax-version=1.0.0\n%project=app\n%uri=https://example.com/app\n\n"
      "schema 2024-01-15T10:00:00Z Ann Doe <ann@example.com> # add schema\n"
      "users [schema other:x !old] 2024-01-15T10:00:01Z Ann Doe <ann@example.com> # add users\n"
      "@v1.0.0 2024-01-15T10:00:02Z Bob <bob@example.com> # Initial release\n");
  CHECK(plan.project == "app");
  CHECK(plan.uri == "https://example.com/app");
  REQUIRE(plan.changes.size() == 2);
  const Change& users = plan.changes[1];
  CHECK(users.name == "users");
  CHECK(users.script_name == "users");
  CHECK(users.line == 6);
  CHECK(users.timestamp == "2024-01-15T10:00:01Z");
  CHECK(users.planner == "Ann Doe");
  CHECK(users.email == "ann@example.com");
  CHECK(users.note == "add users");
  REQUIRE(users.dependencies.size() == 3);
  CHECK(users.dependencies[0].text == "schema");
  CHECK(users.dependencies[0].column == 8);
  CHECK(users.dependencies[1].ref.module == "other");
  CHECK(users.dependencies[2].kind == Dependency::Kind::conflicts);
  CHECK(users.dependencies[2].text == "old");
  CHECK(users.dependencies[2].column == 23);
  REQUIRE(plan.tags.size() == 1);
  CHECK(plan.tags[0].name == "v1.0.0");
  CHECK(plan.tags[0].change == 1);
  CHECK(plan.tags[0].planner == "Bob");
  CHECK(plan.tags[0].note == "Initial release");
  CHECK(plan.tags[0].line == 7);
}

TEST_CASE("lines that only one of the tools reads") {
  SECTION("no blank line behind the pragmas, pragmas with blanks, comments and in any place") {
    const Plan plan = good("  % project = app # ours\nusers\n%uri = x\n%strange\n#\n# note\n");
    CHECK(plan.project == "app");
    CHECK(plan.uri == "x");
    CHECK(plan.changes.size() == 1);
  }
  SECTION("indentation, CRLF and no line end at the end") {
    const Plan plan =
        good("%project=app\r\n\r\n  \tusers  [ ]  " + at_time + "  Ann <a@x>  \r\n\titems");
    CHECK(plan.changes.at(0).planner == "Ann");
    CHECK(plan.changes.at(1).name == "items");
  }
  SECTION("blanks and names of any script") {
    const Plan plan = good("%project=app\nschéma\n\xC2\xA0日本\xE3\x80\x80[schéma]\xE2\x80\x83" +
                           at_time + " Zoë <z@x>\n");
    CHECK(plan.changes.at(1).name == "日本");
    CHECK(plan.changes.at(1).planner == "Zoë");
    CHECK(plan.changes.at(1).dependencies.at(0).column == 6);
  }
  SECTION("a byte order mark") {
    CHECK(good("\xEF\xBB\xBF%project=app\nusers\n").project == "app");
  }
  SECTION("a leading plus") {
    CHECK(good("%project=app\n+users\n + items [users]\n").changes.at(1).name == "items");
  }
  SECTION("timestamp, planner and e-mail may be absent") {
    const Plan plan =
        good("%project=app\na\nb [a]\nc " + at_time + "\nd " + at_time + " Ann\ne " + at_time +
             " <a@x>\nf " + at_time + " # a note\ng []\nh " + at_time + " Ann # her note\n");
    CHECK(plan.changes.at(2).timestamp == at_time);
    CHECK(plan.changes.at(3).planner == "Ann");
    CHECK(plan.changes.at(4).email == "a@x");
    CHECK(plan.changes.at(5).planner == "");
    CHECK(plan.changes.at(5).note == "a note");
    CHECK(plan.changes.at(7).planner == "Ann");
    CHECK(plan.changes.at(7).note == "her note");
  }
  SECTION("no blank between list, timestamp and planner") {
    const Plan plan = good("%project=app\na\nb [a]" + at_time + "Ann <a@x>#note\n");
    CHECK(plan.changes.at(1).timestamp == at_time);
    CHECK(plan.changes.at(1).planner == "Ann");
    CHECK(plan.changes.at(1).note == "note");
  }
  SECTION("odd e-mails and planners") {
    const Plan plan = good("%project=app\na " + at_time + " C# Dev <not an #address>\n");
    CHECK(plan.changes.at(0).planner == "C# Dev");
    CHECK(plan.changes.at(0).email == "not an #address");
  }
}

TEST_CASE("notes are one line in the plan and as many as they like in the value") {
  const Plan plan =
      good("%project=app\na " + at_time + " A <a@x> #  one\\ntwo\\\\n\\r\\t \\ # x\\\n");
  CHECK(plan.changes.at(0).note == "one\ntwo\\n\r\\t \\ # x\\");
}

TEST_CASE("a tag belongs to the change above it, or to the one it names") {
  const Plan plan =
      good("%project=app\na\nb\n@v1 a " + at_time + " A <a@x>\n@v2 " + at_time + " A <a@x>\n@v3 " +
           at_time + " A <a@x>\n@later c " + at_time + " A <a@x>\nc\n");
  CHECK(plan.tags.at(0).change == 0);
  CHECK(plan.tags.at(1).change == 1);
  CHECK(plan.tags.at(3).change == 2);
  CHECK(plan.tags_of(1) == std::vector<std::string>{"v2", "v3"});
  CHECK(plan.find_tag("v3")->line == 6);
  CHECK(plan.find_tag("v4") == nullptr);
}

TEST_CASE("a name may come again after a tag") {
  const Plan plan = good("%project=app\nf\ng [f]\n@v1 " + at_time + " A <a@x>\nf [f@v1 f]\n@v2 " +
                         at_time + " A <a@x>\nf\nh [f@v1 f@v2 f]\n");
  REQUIRE(plan.changes.size() == 5);
  CHECK(plan.changes[0].superseded);
  CHECK(plan.changes[0].script_name == "");
  CHECK(plan.changes[2].superseded);
  CHECK_FALSE(plan.changes[3].superseded);
  CHECK(plan.changes[3].script_name == "f");
  CHECK(plan.find_change("f") == std::size_t{3});
}

TEST_CASE("a tag that names an older change allows its rework too") {
  const Plan plan = good("%project=app\nf\ng\n@v1 f " + at_time + " A <a@x>\nf\n");
  CHECK(plan.changes.at(0).superseded);
}

TEST_CASE("a change may be required by its Sqitch id") {
  // The id is what `sqitch plan` shows for this plan.
  const Plan plan = good(
      "%syntax-version=1.0.0\n%project=flipr\n\nusers 2024-01-15T10:00:00Z Ann <ann@example.com> # "
      "add users\n"
      "items [533396a8d0cfb1c68e51d957a0f345ea60aafb23] 2024-01-15T10:00:01Z Ann "
      "<ann@example.com>\n");
  CHECK(plan.resolve(plan.changes[1].dependencies[0].ref) == 0);
}

TEST_CASE("a plan of 100,000 changes keeps its names apart") {
  std::string text = "%project=big\n";
  for (int i = 0; i < 100000; ++i) {
    text += "change_" + std::to_string(i);
    if (i > 0) text += " [change_" + std::to_string(i - 1) + "]";
    text += " " + at_time + " A <a@x> # n\n";
    if (i % 1000 == 0) text += "@t" + std::to_string(i) + " " + at_time + " A <a@x>\n";
  }
  const Plan plan = good(text);
  REQUIRE(plan.changes.size() == 100000);
  CHECK(plan.find_change("change_77777") == std::size_t{77777});
  CHECK(plan.tags_of(99000) == std::vector<std::string>{"t99000"});
  CHECK(plan.resolve(*ChangeRef::parse("@t5000~3")) == 5003);
  const Plan copy = plan;
  CHECK(copy.find_change("change_99999") == std::size_t{99999});
}
