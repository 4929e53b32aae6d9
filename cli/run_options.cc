#include "cli/run_options.h"

#include <fmt/format.h>

#include "cli/connection_options.h"
#include "cli/duration.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/render/worklist.h"
#include "cli/sqitch_target.h"
#include "cli/style.h"
#include "pgpm/error.h"

namespace pgpm::cli {

std::vector<Option> with_run_options(std::vector<Option> own) {
  const std::vector<Option> shared{
      {"lock-wait",
       0,
       OptionKind::value,
       "TIME",
       "wait for another run to end (default 60s, 0 = do not wait)",
       {"lockWait"}},
      {"lock-timeout",
       0,
       OptionKind::value,
       "TIME",
       "wait this long for a lock, then let others pass and try again",
       {"lockTimeout"}},
      {"statement-timeout",
       0,
       OptionKind::value,
       "TIME",
       "the server's limit for one statement",
       {"statementTimeout"}},
      {"strict", 0, OptionKind::flag, "", "warnings about missing scripts are errors"},
      {"recursive", 0, OptionKind::flag_on, "",
       "leave the modules alone that the named ones require"},
  };
  own.insert(own.end(), shared.begin(), shared.end());
  own.push_back(set_option());
  return with_verdict_options(std::move(own));
}

std::vector<Option> with_verdict_options(std::vector<Option> own) {
  own.push_back({"report",
                 0,
                 OptionKind::many_values,
                 "FORMAT=FILE",
                 "write a further rendering of the run to a file",
                 {},
                 {"text", "json", "jsonl", "junit", "tap", "github"}});
  own.push_back(verdict_format_option());
  return own;
}

std::vector<Option> with_retry(std::vector<Option> own) {
  const std::vector<Option> retry{
      {"retry-for",
       0,
       OptionKind::value,
       "TIME",
       "how long a transaction that misses a lock is tried again (default 60s, 0 = not)",
       {"retryFor"}},
      {"evict", 0, OptionKind::many_values, "WHO",
       "put blockers out of the way: idle-in-transaction, autovacuum, application=NAME"},
      {"queries", 0, OptionKind::flag_on, "", "do not show what blocking sessions run"},
  };
  own.insert(own.end(), retry.begin(), retry.end());
  return own;
}

std::vector<Option> with_dry_run(std::vector<Option> own) {
  own.push_back(
      {"dry-run", 'n', OptionKind::flag, "", "show what would be done, touch nothing", {"dryRun"}});
  own.push_back({"sql", 0, OptionKind::flag, "", "with --dry-run: the exact SQL instead"});
  return own;
}

Option transaction_option(const std::string& default_scope) {
  return {"tx",
          0,
          OptionKind::value,
          "SCOPE",
          fmt::format("what shares a transaction (default {})", default_scope),
          {"transaction"},
          {"module", "run", "change", "none"},
          "none"};
}

Option verdict_format_option() {
  return {"format",
          0,
          OptionKind::value,
          "FORMAT",
          "form of the output",
          {},
          {"text", "json", "jsonl", "junit", "tap", "github"}};
}

namespace {
EvictRules evict_rules(const std::vector<std::string>& whom) {
  constexpr std::string_view by_application = "application=";
  EvictRules rules;
  for (const std::string& who : whom) {
    const bool is_name = who.starts_with(by_application) && who.size() > by_application.size();
    if (is_name)
      rules.applications.push_back(who.substr(by_application.size()));
    else if (who == "idle-in-transaction")
      rules.idle_in_transaction = true;
    else if (who == "autovacuum")
      rules.autovacuum = true;
    else
      throw Error(ErrorCode::usage, fmt::format("--evict does not know \"{}\"", who))
          .hint("Write idle-in-transaction, autovacuum or application=NAME.");
  }
  return rules;
}
}  // namespace

void read_run_options(const Invocation& invocation, RunOptions& options) {
  const Arguments& arguments = invocation.arguments;
  if (arguments.given("lock-wait"))
    options.lock_wait = duration_option("lock-wait", arguments.value("lock-wait"));
  options.lock_timeout = server_duration("lock-timeout", arguments.value("lock-timeout"));
  options.statement_timeout =
      server_duration("statement-timeout", arguments.value("statement-timeout"));
  if (arguments.given("retry-for"))
    options.retry_for = duration_option("retry-for", arguments.value("retry-for"));
  options.evict = evict_rules(arguments.values("evict"));
  options.show_queries = !arguments.is_off("queries");
  options.tool_version = PGPM_VERSION;
  options.command_line = invocation.command_line;
  options.strict = arguments.is_on("strict");
  options.recursive = !arguments.is_off("recursive");
}

TransactionScope transaction_scope(const Invocation& invocation, TransactionScope otherwise) {
  const std::string scope = invocation.arguments.value("tx");
  if (scope == "module") return TransactionScope::module;
  if (scope == "run") return TransactionScope::run;
  if (scope == "change") return TransactionScope::change;
  return scope == "none" ? TransactionScope::none : otherwise;
}

Target target_of(const Invocation& invocation) {
  return choose_target_in(invocation.dir, invocation.arguments, invocation.environment,
                          "pgpm " + invocation.command.name);
}

Approval approval(Invocation& invocation, Asking asking, std::string question) {
  if (asking == Asking::never || invocation.arguments.is_on("yes") || !invocation.terminal.can_ask)
    return {};
  return [&invocation, question = std::move(question)](const Worklist& worklist) {
    invocation.err.write(show_worklist(worklist, invocation.terminal.err, Reasons::hide));
    std::size_t modules = 0, tags = 0;
    const std::size_t objects = worklist.object_changes();
    for (const ModuleSteps& module : worklist.modules) {
      if (!module.steps.empty()) ++modules;
      tags += module.late_tags.size();
    }
    const std::string what =
        worklist.changes() == 0 && objects > 0
            ? fmt::format("{} {}", question, count(objects, "managed object"))
        : worklist.changes() == 0 && tags > 0
            ? "Record " + count(tags, "tag")
            : fmt::format("{} {} of {}", question, count(worklist.changes(), "change"),
                          count(modules, "module"));
    return confirm(
        invocation.err,
        fmt::format("{} in database {}?", what, invocation.terminal.err.bold(worklist.database)),
        invocation.stop);
  };
}

void require_yes_or_terminal(const Invocation& invocation, const std::string& what) {
  if (invocation.arguments.is_on("yes") || invocation.terminal.can_ask) return;
  throw Error(ErrorCode::approval, fmt::format("{} needs --yes when there is nobody to ask", what))
      .hint("Add --yes if that is what you want.")
      .leaving("nothing was changed");
}

namespace {
std::string sql_text(const Worklist& worklist, const std::vector<std::string>& messages) {
  std::string text;
  if (!messages.empty())
    text = fmt::format("-- pgpm {} in database {}, for: psql -X -v ON_ERROR_STOP=1 -f FILE\n",
                       worklist.command, printable(worklist.database));
  for (const std::string& message : messages) {
    text += message;
    if (!message.empty() && message.back() != '\n') text += '\n';
  }
  return text;
}

const char* done_to(const Worklist& worklist) {
  if (worklist.command == "revert") return "reverted";
  for (const ModuleSteps& module : worklist.modules)
    for (const Step& step : module.steps)
      if (step.action != Action::log_only) return "deployed";
  return worklist.object_changes() > 0 ? "deployed" : "recorded";
}

/// "3 changes and 2 managed objects"
std::string what_is_done(const Worklist& worklist) {
  const std::size_t objects = worklist.object_changes();
  if (objects == 0) return count(worklist.changes(), "change");
  const std::string managed = count(objects, "managed object");
  if (worklist.changes() == 0) return managed;
  return fmt::format("{} and {}", count(worklist.changes(), "change"), managed);
}

std::string steps_text(const Worklist& worklist, const Style& style) {
  if (worklist.empty() && !worklist.create_database)
    return fmt::format("Nothing to {}.\n", worklist.command);
  return show_worklist(worklist, style, Reasons::show) +
         fmt::format("{} would be {} in database {}; nothing was touched.\n",
                     what_is_done(worklist), done_to(worklist), worklist.database);
}
}  // namespace

void answer_dry_run(Invocation& invocation, const Worklist& worklist) {
  Answer answer;
  Json document = to_json(worklist);
  if (invocation.arguments.is_on("sql")) {
    const std::vector<std::string> messages = worklist_sql(worklist);
    document["sql"] = messages;
    answer.text = sql_text(worklist, messages);
  } else {
    answer.text = steps_text(worklist, invocation.terminal.out);
  }
  answer.document = dump_document(document);
  answer.diagnostics = worklist.warnings;
  invocation.reports.answer(answer);
}

}  // namespace pgpm::cli
