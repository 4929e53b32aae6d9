#include "cli/connection_options.h"

#include <catch2/catch.hpp>

#include "cli/dispatch.h"
#include "pgpm/error.h"

namespace pgpm::cli {
namespace {

using Variables = std::map<std::string, std::string>;

Target target(const std::vector<std::string>& words, const Variables& variables = {}) {
  return named_target(parse_arguments(*find_command("deploy"), words), Environment(variables),
                      "pgpm deploy");
}

TEST_CASE("options become parameters, and what is not given stays libpq's to decide") {
  const Target given =
      target({"-d", "shop", "--host", "db", "-p", "6543", "-U", "alice"}, {{"PGHOST", "other"}});
  CHECK(given.database == "shop");
  CHECK(given.host == "db");
  CHECK(given.port == "6543");
  CHECK(given.user == "alice");
  CHECK(given.application == "pgpm deploy");
  CHECK(given.dsn.empty());
  const Target none = target({}, {{"PGHOST", "other"}, {"PGDATABASE", "x"}});
  CHECK(none.host.empty());
  CHECK(none.database.empty());
}

TEST_CASE("a URL from the environment counts only if nothing else names a place") {
  const Variables both{{"PGPM_DATABASE_URL", "postgres://own"},
                       {"DATABASE_URL", "postgres://general"}};
  CHECK(target({}, both).dsn.reveal() == "postgres://own");
  CHECK(target({}, {{"DATABASE_URL", "postgres://general"}}).dsn.reveal() == "postgres://general");
  CHECK(target({"-p", "6543", "-U", "alice"}, both).dsn.reveal() == "postgres://own");
  CHECK(target({"-d", "shop"}, both).dsn.empty());
  CHECK(target({"--host", "db"}, both).dsn.empty());
  CHECK(target({"--dsn", "host=x"}, both).dsn.reveal() == "host=x");
  for (const char* variable : {"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"}) {
    Variables variables = both;
    variables[variable] = "somewhere";
    CAPTURE(variable);
    CHECK(target({}, variables).dsn.empty());
  }
  CHECK(target({}, {{"PGUSER", "alice"}, {"DATABASE_URL", "postgres://general"}}).dsn.reveal() ==
        "postgres://general");
}

TEST_CASE("--database may hold a whole connection string, which is then a secret") {
  CHECK(target({"-d", "postgresql://u:pw@h/db"}).dsn.reveal() == "postgresql://u:pw@h/db");
  CHECK(target({"-d", "postgresql://u:pw@h/db"}).database.empty());
  CHECK(target({"-d", "host=h password=pw"}).dsn.reveal() == "host=h password=pw");
  CHECK_THROWS_AS(target({"-d", "host=h", "--dsn", "host=i"}), Error);
}

TEST_CASE("the private server's directory follows XDG") {
  CHECK(
      local_server_options(Environment(Variables{{"XDG_STATE_HOME", "/s"}, {"HOME", "/h"}})).dir ==
      "/s/pgpm/local");
  CHECK(local_server_options(Environment(Variables{{"HOME", "/h"}})).dir ==
        "/h/.local/state/pgpm/local");
  CHECK_THROWS_AS(local_server_options(Environment(Variables{})), Error);
}

TEST_CASE("--local and a place elsewhere contradict each other before anything is started") {
  const Environment environment(Variables{{"HOME", "/nonexistent"}});
  for (const char* option : {"--host", "--port", "--username", "--dsn"}) {
    const Arguments arguments = parse_arguments(*find_command("deploy"), {"--local", option, "x"});
    CAPTURE(option);
    CHECK_THROWS_WITH(choose_target(arguments, environment, "pgpm"),
                      Catch::Contains("contradict each other"));
  }
}

TEST_CASE("what is recorded of the command line holds no secret") {
  const std::string line = command_line_without_secrets(
      {"deploy", "--dsn", "host=h password=geheim", "--dsn=postgres://u:geheim@h", "-d",
       "postgres://u:geheim@h/x"});
  CHECK(line.find("geheim") == std::string::npos);
  CHECK(line.rfind("pgpm deploy --dsn *** --dsn=*** -d postgres://u:", 0) == 0);
}

}  // namespace
}  // namespace pgpm::cli
