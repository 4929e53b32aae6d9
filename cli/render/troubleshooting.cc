// Each rule below is one situation users get into; the first one that applies speaks.
#include "cli/render/troubleshooting.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

using Steps = std::vector<std::string>;

bool is_one_of(const std::string& state, std::initializer_list<std::string_view> states) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

std::string again(const Failure& failure) {
  return fmt::format("`pgpm {}`", failure.command.empty() ? "deploy" : failure.command);
}

std::string change_name(const Failure& failure) {
  return failure.change.empty() ? "CHANGE" : failure.change;
}

std::string script_of(const Failure& failure) {
  return failure.where.file.empty() ? "the script" : failure.where.file;
}

/// The roles modules of this ecosystem expect the cluster to have.
bool is_standard_role(const std::string& name) {
  return is_one_of(name, {"anonymous", "authenticated", "administrator", "authenticated_client"});
}

// 42704 is "undefined object" of any kind and 22023 "invalid parameter" (SET ROLE); only the name
// tells.
Steps missing_role(const Failure& failure) {
  if (!is_one_of(failure.server.sqlstate, {"42704", "22023"})) return {};
  if (!is_standard_role(quoted_name(failure.server.message))) return {};
  return {"The cluster lacks the standard roles: run `pgpm admin-users bootstrap --yes`, then " +
          again(failure) + " again."};
}

Steps missing_database(const Failure& failure) {
  if (failure.server.sqlstate != "3D000") return {};
  return {"Create it and deploy in one go: `pgpm deploy --createdb`."};
}

Steps connection(const Failure& failure) {
  if (is_one_of(failure.server.sqlstate, {"28P01", "28000"}) && failure.hint.empty())
    return {
        "Check the user and where its password comes from: ~/.pgpass, PGPASSFILE, PGPASSWORD or a "
        "service file."};
  const bool is_answered = !failure.change.empty() || !failure.hint.empty();
  if (failure.code != ErrorCode::connection || is_answered) return {};
  return {
      "Check --host, --port and --username (or PGHOST, PGPORT, PGUSER), or use a private server: "
      "`--local`."};
}

Steps time_limit(const Failure& failure) {
  if (failure.server.sqlstate == "55P03")
    return {"Somebody else holds a lock the change needs. Try " + again(failure) +
            " again later, or let it try for longer with --retry-for 10min."};
  if (failure.code == ErrorCode::lock_held)
    return {"Wait for the other run to end, or wait longer with --lock-wait 10min."};
  if (failure.code == ErrorCode::timed_out)
    return {"Give it more time with --statement-timeout, or 0 for no limit."};
  return {};
}

/// The commands about roles have no plan to check and say themselves which right is missing.
bool is_about_roles(const Failure& failure) {
  return failure.command.rfind("admin-users ", 0) == 0;
}

Steps rights(const Failure& failure) {
  if (failure.server.sqlstate == "42501" && failure.hint.empty() && !is_about_roles(failure))
    return {"Connect as a role that may do this (--username), or have the owner grant it."};
  if (failure.server.sqlstate == "25006")
    return {
        "The server only reads (a standby, or default_transaction_read_only): connect to the "
        "primary."};
  if (is_one_of(failure.server.sqlstate, {"53100", "53200"}))
    return {"The server ran out of disk or memory: free some, then run " + again(failure) +
            " again."};
  return {};
}

/// Whether the engine knew what to do about it itself.
bool is_told(const Failure& failure) {
  return !failure.hint.empty() ||
         std::any_of(failure.diagnostics.begin(), failure.diagnostics.end(),
                     [](const Diagnostic& finding) { return !finding.hint.empty(); });
}

Steps verdicts(const Failure& failure) {
  switch (failure.code) {
    case ErrorCode::edited_script:
      return {
          "If the edits change nothing that matters: `pgpm migrate accept`. To apply them: revert "
          "the change and "
          "deploy again, or write a new change. To go on regardless: `--on-edited warn`."};
    case ErrorCode::refused:
      if (is_told(failure) || is_about_roles(failure)) return {};
      if (failure.command == "revert")
        return {"Take the dependants along with `pgpm revert --cascade`, or revert them first."};
      return {"`pgpm migrate deps` shows what a change needs, `pgpm status` what is deployed."};
    case ErrorCode::script_missing:
      if (is_told(failure)) return {"`pgpm check` finds every script that is missing."};
      return {
          "Write the missing script, or check the change's name in pgpm.plan (`pgpm check` finds "
          "all of these)."};
    case ErrorCode::configuration:
      if (failure.diagnostics.empty() || is_about_roles(failure)) return {};
      return {"`pgpm check` shows every problem that can be found without a database."};
    case ErrorCode::internal:
      return {"This is a bug of pgpm. Please report it with the command line and this message."};
    default:
      return {};
  }
}

/// Only psql knows what stands behind a lone colon.
Steps unset_variable(const Failure& failure) {
  if (failure.server.sqlstate != "42601" || quoted_name(failure.server.message) != ":") return {};
  if (failure.where.file.empty()) return {};
  return {
      fmt::format("If {} means a psql variable there, give it a value: {} with --set NAME=VALUE.",
                  script_of(failure), again(failure))};
}

Steps verification(const Failure& failure) {
  if (failure.code != ErrorCode::verification_failed || !failure.hint.empty()) return {};
  if (failure.command == "deploy")
    return {
        "Check that the deploy script makes what the verify script looks for, correct the one that "
        "is wrong, and "
        "run `pgpm deploy` again."};
  if (failure.change.empty())
    return {
        "Compare each change's deploy and verify scripts, and look for objects changed by hand."};
  return {};
}

bool exists_already(const std::string& state) {
  return is_one_of(state, {"42P07", "42710", "42P06", "42723", "42701", "42P04"});
}

Steps sql_of_deploy(const Failure& failure) {
  const auto retry = [&](const char* first_word) {
    return fmt::format("{} {} and run `pgpm deploy` again", first_word, script_of(failure));
  };
  if (failure.server.sqlstate == "55P04")
    return {
        "A new enum value can be used only after its transaction: put `-- pgpm: no-transaction` at "
        "the top of the script that adds it, or deploy with --tx change."};
  if (failure.server.sqlstate == "25001")
    return {
        fmt::format("Put `-- pgpm: no-transaction` at the top of {}: it then runs outside a "
                    "transaction, statement by statement.",
                    script_of(failure))};
  if (exists_already(failure.server.sqlstate))
    return {fmt::format("The object is there already, but the ledger does not have this change: "
                        "compare with `pgpm "
                        "status`. If it was made by hand, record the change without running it: "
                        "`pgpm deploy --to {} "
                        "--log-only`.",
                        change_name(failure)),
            retry("Otherwise, correct") + "."};
  return {retry("Correct") + "; a failed change is not recorded, so there is nothing to revert."};
}

Steps sql_of_revert(const Failure& failure) {
  if (failure.server.sqlstate == "2BP01")
    return {
        fmt::format("Something still depends on it: `pgpm migrate deps {}` shows the changes that "
                    "do. Revert those "
                    "first, or drop what was made outside the plan.",
                    change_name(failure))};
  if (is_one_of(failure.server.sqlstate, {"42P01", "42704", "42883", "3F000", "42703"}))
    return {
        fmt::format("The revert script names something that is not there: check for dependencies "
                    "between changes "
                    "(`pgpm migrate deps {}`), or write DROP ... IF EXISTS.",
                    change_name(failure))};
  return {fmt::format("Correct {} and run `pgpm revert` again.", script_of(failure))};
}

Steps sql(const Failure& failure) {
  if (failure.code != ErrorCode::sql || failure.change.empty()) return {};
  if (failure.command == "deploy") return sql_of_deploy(failure);
  if (failure.command == "revert") return sql_of_revert(failure);
  return {};
}

constexpr std::pair<std::string_view, std::string_view> quotes[] = {
    {"\"", "\""}, {"«", "»"}, {"»", "«"}, {"„", "“"}, {"“", "”"}, {"「", "」"}, {"'", "'"},
};

std::string_view trim(std::string_view text) {
  // French typography puts (no-break) blanks inside its quotation marks.
  for (const std::string_view blank : {std::string_view(" "), std::string_view("\u00a0")}) {
    while (text.substr(0, blank.size()) == blank) text.remove_prefix(blank.size());
    while (text.size() >= blank.size() && text.substr(text.size() - blank.size()) == blank)
      text.remove_suffix(blank.size());
  }
  return text;
}

}  // namespace

std::string quoted_name(const std::string& message) {
  std::size_t first = std::string::npos;
  std::string name;
  for (const auto& [open, close] : quotes) {
    const std::size_t from = message.find(open);
    if (from == std::string::npos || from >= first) continue;
    const std::size_t to = message.find(close, from + open.size());
    if (to == std::string::npos) continue;
    first = from;
    name = trim(std::string_view(message).substr(from + open.size(), to - from - open.size()));
  }
  return name;
}

std::vector<std::string> next_steps(const Failure& failure) {
  // Plans, modules and the ledger are not what session projects and managed objects have.
  if (failure.command.starts_with("session") || failure.command.starts_with("objects"))
    return connection(failure);
  for (const auto rule : {missing_role, missing_database, time_limit, rights, connection,
                          unset_variable, verification, verdicts, sql}) {
    Steps steps = rule(failure);
    if (!steps.empty()) return steps;
  }
  return {};
}

}  // namespace pgpm::cli
