#include "cli/ado_string.h"

#include <catch2/catch.hpp>

#include "cli/mcp_tools.h"
#include "pgpm/error.h"

using namespace pgpm;
using namespace pgpm::cli;

namespace {

std::string libpq(const std::string& text) {
  return conninfo_text(parse_ado_string(text));
}

}  // namespace

TEST_CASE(".NET's connection strings become libpq's") {
  CHECK(is_ado_string("Host=a;Database=b"));
  CHECK_FALSE(is_ado_string("host=a dbname=b"));
  CHECK_FALSE(is_ado_string("postgresql://u:p=;@h/d"));
  CHECK(libpq("Host=db;Port=5433;Database=shop;Username=app;Password=p w") ==
        "host='db' port='5433' dbname='shop' user='app' password='p w'");
  CHECK(libpq(" SERVER = db ; Initial Catalog = shop;User Id=a;;Pwd=x;") ==
        "host='db' dbname='shop' user='a' password='x'");
  CHECK(libpq("Uid=a;SSL Mode=VerifyFull;Connect Timeout=5;Application Name=x") ==
        "user='a' sslmode='verify-full' connect_timeout='5' application_name='x'");
}

TEST_CASE("quoted values end at their quote, and are quoted anew") {
  CHECK(libpq("Password='a;b''c\"';Host=h") == "password='a;b\\'c\"' host='h'");
  CHECK(libpq("Password=\"a'b\"\"c\\\";Host=h") == "password='a\\'b\"c\\\\' host='h'");
  for (const char* bad : {"Host=a;Password='secret", "Host=a;secret;", "Hsot=secret;a=b"}) {
    INFO(bad);
    CHECK_THROWS_WITH(parse_ado_string(bad), !Catch::Contains("secret"));
  }
}

TEST_CASE("settings are added to whatever form the string has") {
  const ConnectionWords words{{"sslmode", "require"}, {"password", "a b&'"}};
  CHECK(with_connection_words("", {}) == "");
  CHECK(with_connection_words("", words) == "sslmode='require' password='a b&\\''");
  CHECK(with_connection_words("host=x", words) == "host=x sslmode='require' password='a b&\\''");
  CHECK(with_connection_words("postgresql://h/d", words) ==
        "postgresql://h/d?sslmode=require&password=a%20b%26%27");
  CHECK(with_connection_words("postgres://h/d?port=1", words) ==
        "postgres://h/d?port=1&sslmode=require&password=a%20b%26%27");
}

TEST_CASE("a tool's arguments become a command line, values never options") {
  const auto line = [](const char* name, const char* arguments) {
    for (const Tool& tool : tools())
      if (tool.name == name) {
        std::string text;
        const ToolCall call = command_line_of(tool, nlohmann::ordered_json::parse(arguments));
        for (const auto& [variable, value] : call.variables)
          text += variable + "=" + value.reveal() + " ";
        for (const std::string& word : call.words)
          text += (text.empty() || text.back() == ' ' ? "" : " ") + word;
        return text;
      }
    return std::string();
  };
  CHECK(line("deploy", R"({"database": "--force", "modules": ["-x", "b"]})") ==
        "deploy --yes --database=--force --dry-run --format=json -- -x b");
  CHECK(line("deploy", R"({"database": "d", "dryRun": false})") ==
        "deploy --yes --database=d --format=json");
  CHECK(line("session_deploy", R"({"database": "d", "path": "p", "params": {"a": "b c"}})") ==
        "PGPM_PARAMETERS={\"a\":\"b c\"} session deploy --database=d --format=json -- p");
  CHECK(line("session_deploy", R"({"database": "d", "path": "p", "overwrite": true,
                                   "confirmDatabaseName": "d"})") ==
        "session deploy --overwrite --database=d --force --format=json -- p");
  CHECK_THROWS_AS(line("session_deploy", R"({"database": "d", "path": "p", "overwrite": true})"),
                  Error);
  CHECK_THROWS_AS(line("revert", R"({"database": "d", "dryRun": false})"), Error);
  CHECK_THROWS_AS(line("status", "[]"), Error);
}
