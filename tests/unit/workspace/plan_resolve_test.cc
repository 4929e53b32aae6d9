#include <catch2/catch.hpp>

#include "pgpm/plan.h"

using namespace pgpm;

namespace {

const std::string by_planner_a = " 2024-01-15T10:00:00Z A <a@x>\n";

Plan reworked_plan() {
  return read_plan("p", "%project=app\nusers\nf\n@v1" + by_planner_a + "items\nf [f]\n@v2" +
                            by_planner_a + "last\n")
      .plan;
}

std::size_t index_of(const std::string& text, Plan::Ambiguity ambiguity = Plan::Ambiguity::newest) {
  INFO(text);
  return reworked_plan().resolve(*ChangeRef::parse(text), ambiguity);
}

std::string refusal(const std::string& text, Plan::Ambiguity ambiguity = Plan::Ambiguity::newest) {
  try {
    index_of(text, ambiguity);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::configuration);
    return std::string(error.what()) + " / " + error.hint();
  }
  return "";
}

}  // namespace

TEST_CASE("references find their change") {
  CHECK(index_of("users") == 0);
  CHECK(index_of("@v1") == 1);
  CHECK(index_of("f@v1") == 1);
  CHECK(index_of("f@v2") == 3);
  CHECK(index_of("users@v2") == 0);
  CHECK(index_of("f") == 3);
  CHECK(index_of("f@HEAD") == 3);
  CHECK(index_of("users@ROOT") == 0);
  CHECK(index_of("HEAD") == 4);
  CHECK(index_of("@ROOT") == 0);
  CHECK(index_of("HEAD^") == 3);
  CHECK(index_of("@v1~2") == 3);
  CHECK(index_of("app:users~") == 1);
}

TEST_CASE("references to nothing say what there is") {
  CHECK(refusal("user") == "unknown change \"user\" (module app) / did you mean \"users\"?");
  CHECK(refusal("@v3") == "unknown tag \"@v3\" (module app) / did you mean \"@v1\"?");
  CHECK(refusal("last@v1") ==
        "change \"last\" does not exist yet at \"@v1\" (module app) / it is planned in line 8");
  CHECK(refusal("f@ROOT") != "");
  CHECK(refusal("HEAD~") == "\"HEAD~\" is after the plan's last change (module app) / ");
  CHECK(refusal("users^") != "");
  CHECK_THROWS_AS(read_plan("p", "%project=x\n").plan.resolve(*ChangeRef::parse("HEAD")), Error);
}

TEST_CASE("a reworked name is ambiguous where it matters") {
  CHECK(refusal("f", Plan::Ambiguity::refuse) ==
        "\"f\" is ambiguous: it was reworked / say which one: f@v1, f@HEAD");
  CHECK(refusal("f^", Plan::Ambiguity::refuse) != "");
  CHECK(index_of("f@v1", Plan::Ambiguity::refuse) == 1);
  CHECK(index_of("users", Plan::Ambiguity::refuse) == 0);
}

TEST_CASE("a plan put together by hand answers too, also after it has grown") {
  Plan plan;
  plan.changes.push_back(Change{});
  plan.changes.back().name = "a";
  CHECK(plan.find_change("a") == std::size_t{0});
  plan.changes.push_back(Change{});
  plan.changes.back().name = "b";
  CHECK(plan.find_change("b") == std::size_t{1});
  CHECK_FALSE(plan.find_change("c").has_value());
}
