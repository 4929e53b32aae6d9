#include "engine/session/parameters.h"

#include <catch2/catch.hpp>

#include "tests/support/temp_workspace.h"

using namespace pgpm;

TEST_CASE("names of parameters are folded, the last value of a name counts") {
  CHECK(checked_parameters({{"Env", "a"}, {"b", "1"}, {"Env", "c"}}) ==
        SessionParameters{{"env", "c"}, {"b", "1"}});
  CHECK_NOTHROW(checked_parameters({{std::string(63, 'a'), ""}, {"_1", "="}}));
  for (const std::string& bad : {std::string(), std::string("1a"), std::string("a-b"),
                                 std::string("a.b"), std::string(64, 'a'), std::string("\xC3\xA9")})
    CHECK_THROWS_WITH(checked_parameters({{bad, "secret"}}), !Catch::Contains("secret"));
  CHECK_THROWS_WITH(checked_parameters({{"Env", "a"}, {"env", "b"}}),
                    "the parameters Env and env differ only in case");
  CHECK_THROWS_WITH(checked_parameters({{"a", std::string("se\0cret", 7)}}),
                    "the value of parameter a is not UTF-8 text");
  CHECK_THROWS_AS(checked_parameters({{"a", "\xFF"}}), Error);
}

TEST_CASE("a parameters file has a name and a value a line") {
  const tests::TempWorkspace tree(
      {{"a.env",
        "\xEF\xBB\xBF# comment\n\n env = prod \r\nquoted=\"a b \"\nsingle='x'\nhalf='x\n"
        "equals=a=b\nempty=\n# end"},
       {"bad.env", "a=1\nnonsense secret\n"},
       {"no_name.env", "=secret\n"}});
  CHECK(read_parameters_file(tree.path("a.env")) == SessionParameters{{"env", "prod"},
                                                                      {"quoted", "a b "},
                                                                      {"single", "x"},
                                                                      {"half", "'x"},
                                                                      {"equals", "a=b"},
                                                                      {"empty", ""}});
  const auto place = [&](const char* file) {
    try {
      read_parameters_file(tree.path(file));
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find("secret") == std::string::npos);
      CHECK(error.code() == ErrorCode::configuration);
      return error.where() ? error.where()->line : 0;
    }
    return std::size_t{99};
  };
  CHECK(place("bad.env") == 2);
  CHECK(place("no_name.env") == 1);
  CHECK(place("nowhere.env") == 0);
}
