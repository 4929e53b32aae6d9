#include <catch2/catch.hpp>

#include "pgpm/plan.h"

using namespace pgpm;

namespace {

const std::string sqitch_id = "2f77fe37e0aa12d36b9c6e0a5c4b1d0c5a3f1e2d";

ChangeRef parsed(const std::string& text) {
  INFO(text);
  const auto ref = ChangeRef::parse(text);
  REQUIRE(ref.has_value());
  return *ref;
}

}  // namespace

TEST_CASE("every form of reference is taken apart") {
  CHECK(parsed("users") == ChangeRef{"", "users", "", "", 0});
  CHECK(parsed("@v1.0") == ChangeRef{"", "", "v1.0", "", 0});
  CHECK(parsed("users@v1") == ChangeRef{"", "users", "v1", "", 0});
  CHECK(parsed("app:users") == ChangeRef{"app", "users", "", "", 0});
  CHECK(parsed("app:@v1") == ChangeRef{"app", "", "v1", "", 0});
  CHECK(parsed("app:users@v1") == ChangeRef{"app", "users", "v1", "", 0});
  CHECK(parsed("@scope/app:users") == ChangeRef{"@scope/app", "users", "", "", 0});
  CHECK(parsed("HEAD") == ChangeRef{"", "HEAD", "", "", 0});
  CHECK(parsed("@HEAD") == ChangeRef{"", "HEAD", "", "", 0});
  CHECK(parsed("@ROOT~2") == ChangeRef{"", "ROOT", "", "", 2});
  CHECK(parsed("users@HEAD") == ChangeRef{"", "users", "HEAD", "", 0});
  CHECK(parsed(sqitch_id) == ChangeRef{"", "", "", sqitch_id, 0});
  CHECK(parsed("app:" + sqitch_id) == ChangeRef{"app", "", "", sqitch_id, 0});
  CHECK(parsed("users^") == ChangeRef{"", "users", "", "", -1});
  CHECK(parsed("users^^^") == ChangeRef{"", "users", "", "", -3});
  CHECK(parsed("@v1^12") == ChangeRef{"", "", "v1", "", -12});
  CHECK(parsed("users~~") == ChangeRef{"", "users", "", "", 2});
  CHECK(parsed("users~3") == ChangeRef{"", "users", "", "", 3});
  CHECK(parsed("users^0") == ChangeRef{"", "users", "", "", 0});
}

TEST_CASE("what looks like a reference and is a name stays a name") {
  CHECK(parsed("HEAD^-1").change == "HEAD^-1");
  CHECK(parsed(sqitch_id.substr(1)).change == sqitch_id.substr(1));
  CHECK(parsed(sqitch_id + "0").change == sqitch_id + "0");
  CHECK(parsed("schemas/app/tables/users").change == "schemas/app/tables/users");
}

TEST_CASE("what is no reference is refused") {
  for (const char* text : {"",
                           ":",
                           "p:",
                           ":a",
                           "p:@",
                           "a:b:c",
                           "a:b:@c",
                           "@",
                           "a@",
                           "a@b@c",
                           "a@x/y",
                           "^",
                           "~",
                           "^^",
                           "a b",
                           "!a",
                           "a^~",
                           "a^9999999999999999999",
                           "a^2000000000",
                           "@HEAD@v1",
                           "..",
                           "../a",
                           "a#",
                           "p q:a"}) {
    INFO(text);
    CHECK_FALSE(ChangeRef::parse(text).has_value());
  }
}

TEST_CASE("a reference is written as it was typed") {
  for (const char* text :
       {"users", "@v1", "users@v1", "app:users", "app:@v1", "HEAD", "users^", "users~3", "@v1^12"})
    CHECK(parsed(text).to_string() == text);
  CHECK(parsed("users^^").to_string() == "users^2");
  CHECK(parsed("@HEAD").to_string() == "HEAD");
}
