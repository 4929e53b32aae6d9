#include "cli/help.h"

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/manual.h"
#include "cli/suggest.h"
#include "pgpm/error.h"

namespace pgpm::cli {

namespace {

std::string text_for(const std::vector<std::string>& words, const Style& style) {
  if (words.empty()) return overview(style);
  if (words.size() == 1 && (words[0] == "exit-codes" || words[0] == "exit-code"))
    return exit_codes_help(style);
  return help_for(find_command_line(words), style);
}

int run_help(Invocation& invocation) {
  const std::string format = invocation.arguments.value("format");
  const std::vector<std::string>& words = invocation.arguments.positionals;
  if (format == "man")
    invocation.out.write(manual_page());
  else if (format == "json")
    invocation.out.write(help_json());
  else if (format == "markdown")
    invocation.out.write(words.empty() ? commands_markdown() : exit_codes_markdown());
  else
    invocation.out.write(text_for(words, invocation.terminal.out));
  return 0;
}

}  // namespace

Command help_command() {
  Command command;
  command.group = "About";
  command.summary = "tell about pgpm or one of its commands";
  command.description =
      "`pgpm help exit-codes` lists the exit codes. The whole manual comes as a man page, JSON or "
      "Markdown tables, too.";
  command.positionals = {{"COMMAND", Positional::Count::any, "a command, or exit-codes"}};
  command.options = {{"format",
                      0,
                      OptionKind::value,
                      "FORMAT",
                      "form of the output",
                      {},
                      {"text", "man", "json", "markdown"}}};
  command.examples = {
      {"pgpm help deploy", "one command"},
      {"pgpm help exit-codes", "what an exit status means"},
      {"pgpm help --format man | man -l -", "the manual page"},
  };
  command.run = run_help;
  return command;
}

}  // namespace pgpm::cli
