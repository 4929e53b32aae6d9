// What the commands that run changes share: their options, and the questions they ask.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/invocation.h"
#include "pgpm/deploy.h"
#include "pgpm/target.h"
#include "pgpm/workspace.h"

namespace pgpm::cli {

/// --lock-wait, --lock-timeout, --statement-timeout, --strict, --no-recursive, --report.
std::vector<Option> with_run_options(std::vector<Option> own);
/// --format and --report of commands that reach verdicts without changing a database of the user.
std::vector<Option> with_verdict_options(std::vector<Option> own);
/// --retry-for, --evict and --no-queries, for what writes.
std::vector<Option> with_retry(std::vector<Option> own);
/// --dry-run and --sql.
std::vector<Option> with_dry_run(std::vector<Option> own);
/// --tx, whose default the command says.
Option transaction_option(const std::string& default_scope);
/// --format with the further forms of commands that reach verdicts.
Option verdict_format_option();

/// Throws Error(usage) for a duration that is none.
void read_run_options(const Invocation& invocation, RunOptions& options);
TransactionScope transaction_scope(const Invocation& invocation, TransactionScope otherwise);
/// choose_target() as application "pgpm COMMAND".
Target target_of(const Invocation& invocation);

/// Shows the worklist and asks; always yes if `ask` says there is nobody or nothing to ask.
enum class Asking { on_terminal, never };
Approval approval(Invocation& invocation, Asking asking, std::string question);
/// For what destroys: throws Error(approval) unless --yes was given or somebody can be asked.
void require_yes_or_terminal(const Invocation& invocation, const std::string& what);

/// Prints what would be done (or, with --sql, the SQL) as the command's answer.
void answer_dry_run(Invocation& invocation, const Worklist& worklist);

}  // namespace pgpm::cli
