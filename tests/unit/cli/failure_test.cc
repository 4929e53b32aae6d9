// What is said about a failure, and above all what to do next: the rows of the troubleshooting
// table.
#include "cli/render/failure.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "cli/render/troubleshooting.h"
#include "tests/support/golden.h"
#include "tests/support/source_dir.h"
#include "tests/unit/cli/example_run.h"

namespace pgpm::cli {
namespace {

const Style plain{false, 100};

Failure server_failure(const std::string& command, ErrorCode code, const std::string& sqlstate,
                       const std::string& message) {
  Failure failure;
  failure.command = command;
  failure.code = code;
  failure.message = message;
  failure.module = "app";
  failure.change = "tables/users";
  failure.where = SourceLocation{"deploy/tables/users.sql", 3, 1};
  failure.server.sqlstate = sqlstate;
  failure.server.message = message;
  return failure;
}

std::string next(const Failure& failure) {
  return fmt::format("{}", fmt::join(next_steps(failure), "\n"));
}

bool says(const Failure& failure, const std::string& words) {
  CAPTURE(next(failure));
  return next(failure).find(words) != std::string::npos;
}

TEST_CASE("a failure in full") {
  Failure failure = Failure::of(tests::syntax_error(), "deploy");
  failure.module = "app";
  failure.change = "tables/users";
  CHECK(tests::golden_difference(tests::source_path("tests/unit/cli/golden/failure.txt"),
                                 show_failure(failure, plain)) == "");
}

TEST_CASE("findings are shown together, each with its line") {
  Error error(ErrorCode::edited_script, "2 deployed scripts were edited");
  error.with({{Severity::error,
               {"app/deploy/a.sql", 2, 1},
               "edited since it was deployed",
               "CREATE TABLE a ();",
               ""},
              {Severity::warning, {"app/pgpm.plan", 5, 3}, "odd", "a [b]", "Write b first."}});
  CHECK(
      tests::golden_difference(tests::source_path("tests/unit/cli/golden/failure_diagnostics.txt"),
                               show_failure(Failure::of(error, "deploy"), plain)) == "");
}

TEST_CASE("a single finding that says what the error says is shown once") {
  Error error(ErrorCode::refused, "revert refused: a is required by b");
  error.with({{Severity::error,
               {"app/pgpm.plan", 5, 3},
               "a is required by b",
               "a",
               "--cascade reverts b first"}});
  const std::string shown = show_failure(Failure::of(error, "revert"), plain);
  CHECK(shown ==
        "error: a is required by b\n"
        "  app/pgpm.plan:5:3\n"
        "    |\n"
        "  5 | a\n"
        "    |  ^\n"
        "\n"
        "Hint: --cascade reverts b first.\n");
}

TEST_CASE("what the engine's hint says is not said again") {
  Failure failure =
      server_failure("deploy", ErrorCode::connection, "3D000", "database \"x\" does not exist");
  failure.hint = "create it with `pgpm deploy --createdb`";
  CHECK(show_failure(failure, plain).find("Next:") == std::string::npos);
  failure.hint = "check its name";
  CHECK(show_failure(failure, plain).find("Next:") != std::string::npos);
}

TEST_CASE("secrets and escape sequences of others are not repeated") {
  const Error error(ErrorCode::connection, "cannot reach postgres://u:geheim@h/x \x1b[31m");
  const std::string shown = show_failure(Failure::of(error, "deploy"), plain);
  CHECK(shown.find("geheim") == std::string::npos);
  CHECK(shown.find('\x1b') == std::string::npos);
}

TEST_CASE("a missing standard role: bootstrap, in any language") {
  for (const char* message :
       {"role \"authenticated\" does not exist", "Rolle »authenticated« existiert nicht",
        "le rôle « authenticated » n'existe pas", "роль \"authenticated\" не существует"}) {
    CHECK(says(server_failure("deploy", ErrorCode::sql, "42704", message),
               "`pgpm admin-users bootstrap --yes`"));
    CHECK(says(server_failure("deploy", ErrorCode::sql, "22023", message),
               "`pgpm admin-users bootstrap --yes`"));
  }
  CHECK_FALSE(
      says(server_failure("deploy", ErrorCode::sql, "42704", "type \"mood\" does not exist"),
           "bootstrap"));
  CHECK_FALSE(says(server_failure("deploy", ErrorCode::sql, "42P01",
                                  "relation \"authenticated\" does not exist"),
                   "bootstrap"));
}

TEST_CASE("a missing database: --createdb") {
  Failure failure =
      server_failure("deploy", ErrorCode::connection, "3D000", "database \"mydb\" does not exist");
  failure.change.clear();
  CHECK(says(failure, "`pgpm deploy --createdb`"));
}

TEST_CASE("a deploy that fails midway: correct the script and deploy again") {
  const Failure failure = server_failure("deploy", ErrorCode::sql, "42601", "syntax error");
  CHECK(says(failure, "Correct deploy/tables/users.sql and run `pgpm deploy` again"));
  CHECK(says(failure, "not recorded"));
}

TEST_CASE("a verification that fails: compare deploy and verify scripts") {
  CHECK(says(server_failure("deploy", ErrorCode::verification_failed, "42P01", "x"),
             "deploy script makes what the verify script looks for"));
}

TEST_CASE("a revert that fails: dependencies between changes") {
  CHECK(says(server_failure("revert", ErrorCode::sql, "2BP01", "x"),
             "`pgpm migrate deps tables/users`"));
  CHECK(says(server_failure("revert", ErrorCode::sql, "42P01", "x"),
             "check for dependencies between changes"));
  CHECK(says(server_failure("revert", ErrorCode::refused, "", "x"), "`pgpm revert --cascade`"));
}

TEST_CASE("already there: status, or recording without running") {
  const Failure failure =
      server_failure("deploy", ErrorCode::sql, "42P07", "relation \"users\" already exists");
  CHECK(says(failure, "`pgpm status`"));
  CHECK(says(failure, "--log-only"));
}

TEST_CASE("every other way to fail that has a remedy") {
  CHECK(says(server_failure("deploy", ErrorCode::edited_script, "", "x"), "`pgpm migrate accept`"));
  CHECK(says(server_failure("deploy", ErrorCode::lock_held, "", "x"), "--lock-wait"));
  CHECK(says(server_failure("deploy", ErrorCode::timed_out, "57014", "x"), "--statement-timeout"));
  CHECK(says(server_failure("deploy", ErrorCode::timed_out, "55P03", "x"), "--retry-for"));
  CHECK(says(server_failure("deploy", ErrorCode::sql, "42501", "x"), "--username"));
  CHECK(says(server_failure("deploy", ErrorCode::sql, "55P04", "x"), "--tx change"));
  CHECK(says(server_failure("deploy", ErrorCode::sql, "25001", "x"), "no-transaction"));
  CHECK(says(server_failure("deploy", ErrorCode::sql, "25006", "x"), "primary"));
  // Whoever answered no needs no advice.
  CHECK(next(server_failure("revert", ErrorCode::approval, "", "x")).empty());
  CHECK(says(server_failure("deploy", ErrorCode::connection, "28P01", "x"), ".pgpass"));
  CHECK(says(server_failure("deploy", ErrorCode::script_missing, "", "x"), "`pgpm check`"));
  CHECK(says(server_failure("deploy", ErrorCode::internal, "", "x"), "report"));
}

TEST_CASE("quoted names are found in every style of quotation marks") {
  CHECK(quoted_name("role \"a b\" does not exist") == "a b");
  CHECK(quoted_name("le rôle «\u00a0x\u00a0» n'existe pas") == "x");
  CHECK(quoted_name("Rolle »x« existiert nicht") == "x");
  CHECK(quoted_name("角色“x”不存在") == "x");
  CHECK(quoted_name("nothing quoted") == "");
  CHECK(quoted_name("half \"open") == "");
}

}  // namespace
}  // namespace pgpm::cli
