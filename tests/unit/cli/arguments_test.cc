// What people type, and what it means.
#include "cli/arguments.h"

#include <catch2/catch.hpp>

#include "pgpm/error.h"

namespace pgpm::cli {
namespace {

using Words = std::vector<std::string>;

Arguments parse(const std::string& command, const Words& words) {
  return parse_arguments(*find_command(command), words);
}

/// The message of the usage error that parsing ends with.
std::string refusal(const std::string& command, const Words& words) {
  try {
    parse(command, words);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
    return error.what();
  }
  return "accepted";
}

std::string unknown_command(const Words& words) {
  try {
    find_command_line(words);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
    return error.what();
  }
  return "accepted";
}

TEST_CASE("an option's value is taken in every usual spelling") {
  for (const Words& words : std::vector<Words>{{"--database", "shop"},
                                               {"--database=shop"},
                                               {"-d", "shop"},
                                               {"-dshop"},
                                               {"--db", "shop"},
                                               {"--db=shop"}})
    CHECK(parse("deploy", words).value("database") == "shop");
}

TEST_CASE("upstream's spellings are aliases") {
  CHECK(parse("deploy", {"--logOnly"}).is_on("log-only"));
  CHECK(parse("deploy", {"--usePlan"}).is_on("use-plan"));
  CHECK(parse("tag", {"v1", "--changeName", "a", "--comment", "note"}).value("change") == "a");
  CHECK(parse("tag", {"v1", "--comment", "note"}).value("message") == "note");
  CHECK(parse("tag", {"v1", "-m", "Initial release"}).value("message") == "Initial release");
}

TEST_CASE("switches can be turned off, and the last one counts") {
  CHECK(parse("deploy", {"--no-verify"}).is_off("verify"));
  CHECK_FALSE(parse("deploy", {"--no-verify", "--verify"}).is_off("verify"));
  CHECK(parse("deploy", {"--no-recursive"}).is_off("recursive"));
  CHECK_FALSE(parse("deploy", {}).is_off("recursive"));
  CHECK_FALSE(parse("deploy", {"--yes", "--no-yes"}).is_on("yes"));
  CHECK(parse("deploy", {"--no-tx"}).value("tx") == "none");
  CHECK(parse("deploy", {"--no-tx", "--tx", "run"}).value("tx") == "run");
}

TEST_CASE("repeated options keep every value, single ones the last") {
  CHECK(parse("add", {"x", "--requires", "a", "-r", "b", "--requires=c"}).values("requires") ==
        Words{"a", "b", "c"});
  CHECK(parse("deploy", {"--to", "a", "--to", "b"}).value("to") == "b");
}

TEST_CASE("short switches can be bundled") {
  const Arguments arguments = parse("deploy", {"-yq"});
  CHECK(arguments.is_on("yes"));
  CHECK(arguments.is_on("quiet"));
}

TEST_CASE("names and values may look odd") {
  CHECK(parse("deploy", {"--", "--module"}).positionals == Words{"--module"});
  CHECK(parse("deploy", {"a", "--yes", "b"}).positionals == Words{"a", "b"});
  CHECK(parse("deploy", {"--to", "@v1.0.0"}).value("to") == "@v1.0.0");
  CHECK(parse("tag", {"v1", "-m", "a=b --c"}).value("message") == "a=b --c");
  CHECK(parse("tag", {"v1", "-m", ""}).given("message") == "");
  CHECK(parse("migrate baseline", {"--emit-ledger", "-"}).value("emit-ledger") == "-");
}

TEST_CASE("unknown options name the nearest, and nothing is guessed from a prefix") {
  CHECK(refusal("deploy", {"--wrokspace"}) ==
        "`pgpm deploy` has no option --wrokspace; did you mean \"--workspace\"?");
  CHECK(refusal("deploy", {"--log_only"}) ==
        "`pgpm deploy` has no option --log_only; did you mean \"--log-only\"?");
  CHECK(refusal("deploy", {"--work"}) ==
        "`pgpm deploy` has no option --work; did you mean \"--workspace\"?");
  CHECK(refusal("deploy", {"--datab=x"}) ==
        "`pgpm deploy` has no option --datab; did you mean \"--database\"?");
  CHECK(refusal("deploy", {"-Z"}) == "`pgpm deploy` has no option -Z");
  CHECK(refusal("verify", {"--cascade"}).find("has no option --cascade") != std::string::npos);
}

TEST_CASE("values that are missing, unknown or unwanted are refused") {
  CHECK(refusal("deploy", {"--to"}) == "--to needs a value: CHANGE|@TAG");
  CHECK(refusal("deploy", {"-d"}) == "--database needs a value: NAME");
  CHECK(refusal("deploy", {"--to", "--yes"}) == "--to needs a value: CHANGE|@TAG");
  CHECK(refusal("deploy", {"--local=yes"}) == "--local takes no value");
  CHECK(refusal("deploy", {"--tx", "modul"}) ==
        "--tx does not know \"modul\"; did you mean \"module\"? (there are: module, run, change, "
        "none)");
  CHECK(refusal("deploy", {"--format", "yaml"}) ==
        "--format does not know \"yaml\" (there are: text, json, jsonl, junit, tap, github)");
  CHECK(refusal("status", {"--format", "github"}).find("does not know \"github\"") !=
        std::string::npos);
  CHECK(refusal("deploy", {"--report", "xml=out"}).find("does not know \"xml\"") !=
        std::string::npos);
  CHECK(refusal("deploy", {"--report", "json=out.json"}) == "accepted");
}

TEST_CASE("a password on the command line is refused with the alternatives") {
  for (const Words& words : std::vector<Words>{{"--password", "x"}, {"--password=x"}, {"-W"}}) {
    try {
      parse("deploy", words);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
      CHECK(error.hint().find(".pgpass") != std::string::npos);
      CHECK(std::string(error.what()).find("x\"") == std::string::npos);
    }
  }
}

TEST_CASE("where a user's password is set, the ways to give it are named instead") {
  try {
    parse("admin-users add", {"alice", "--password", "s3cr3t"});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
    CHECK(error.hint().find("--password-file FILE") != std::string::npos);
    CHECK(error.hint().find("PGPM_USER_PASSWORD") != std::string::npos);
  }
  // It must not be taken for a command and named as an unknown one.
  const CommandLine line = find_command_line({"--password", "s3cr3t", "admin-users", "add", "x"});
  REQUIRE(line.command != nullptr);
  CHECK(line.command->name == "admin-users add");
}

TEST_CASE("a cloud's login is a command that writes the token") {
  const std::pair<const char*, const char*> clouds[] = {
      {"--azure", "'az account "}, {"--aws-region=x", "'aws rds "}, {"--google", "'gcloud sql "}};
  for (const auto& [option, program] : clouds) {
    try {
      parse("session deploy", {option});
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
      CHECK(error.hint().find(std::string("--password-command ") + program) != std::string::npos);
    }
    CHECK(refusal("status", {option}).find("has no option") != std::string::npos);
  }
}

TEST_CASE("positionals are counted") {
  CHECK(refusal("tag", {}) == "`pgpm tag` needs a NAME");
  CHECK(refusal("tag", {"a", "b"}) == "`pgpm tag` does not know what to do with \"b\"");
  CHECK(refusal("version", {"now"}) == "`pgpm version` does not know what to do with \"now\"");
  CHECK(refusal("deploy", {"a", "b", "c"}) == "accepted");
}

TEST_CASE("the command is found behind options and their values") {
  CHECK(find_command_line({"-d", "shop", "deploy"}).command->name == "deploy");
  CHECK(find_command_line({"--cwd", "deploy", "revert"}).command->name == "revert");
  const CommandLine line = find_command_line({"--db=shop", "migrate", "-y", "list", "app"});
  CHECK(line.command->name == "migrate list");
  CHECK(line.words == Words{"--db=shop", "-y", "app"});
  CHECK(find_command_line({"migrate", "status"}).command->name == "status");
}

TEST_CASE("groups and nothing at all are no errors") {
  CHECK(find_command_line({}).command == nullptr);
  CHECK(find_command_line({"migrate"}).group == "migrate");
  CHECK(find_command_line({"local"}).group == "local");
}

TEST_CASE("unknown commands name the nearest") {
  CHECK(unknown_command({"dpeloy"}) == "there is no command \"dpeloy\"; did you mean \"deploy\"?");
  CHECK(unknown_command({"migrate", "lits"}) ==
        "`pgpm migrate` has no command \"lits\"; did you mean \"migrate list\"?");
  CHECK(unknown_command({"xyzzy"}) == "there is no command \"xyzzy\"");
  CHECK(unknown_command({"dep"}) == "there is no command \"dep\"; did you mean \"deploy\"?");
}

TEST_CASE("help is asked for by an option, not by a value or a word after --") {
  CHECK(asks_for_help({"deploy", "--help"}));
  CHECK(asks_for_help({"-h", "deploy"}));
  CHECK_FALSE(asks_for_help({"tag", "v1", "-m", "-h"}));
  CHECK_FALSE(asks_for_help({"deploy", "--", "--help"}));
}

}  // namespace
}  // namespace pgpm::cli
