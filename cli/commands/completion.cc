#include "cli/completion.h"

#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/module_choice.h"
#include "cli/suggest.h"
#include "pgpm/error.h"

#include <fmt/format.h>

namespace pgpm::cli {

namespace {

/// One name per line; nothing at all outside a workspace, since a shell is asking.
std::string module_names(const Invocation& invocation) {
  std::string names;
  try {
    for (const Module& module : load_workspace_of(invocation).modules) names += module.name + "\n";
  } catch (const Error&) {
    return "";
  }
  return names;
}

int run_completion(Invocation& invocation) {
  if (invocation.arguments.is_on("modules")) {
    invocation.out.write(module_names(invocation));
    return 0;
  }
  const std::vector<std::string>& words = invocation.arguments.positionals;
  if (words.empty()) throw Error(ErrorCode::usage, "for which shell? There are bash, zsh and fish");
  if (words[0] == "bash")
    invocation.out.write(bash_completion());
  else if (words[0] == "zsh")
    invocation.out.write(zsh_completion());
  else if (words[0] == "fish")
    invocation.out.write(fish_completion());
  else
    throw Error(ErrorCode::usage,
                fmt::format("there is no completion for \"{}\"{} (there are bash, zsh, fish)",
                            words[0], did_you_mean(words[0], {"bash", "zsh", "fish"})));
  return 0;
}

}  // namespace

Command completion_command() {
  Command command;
  command.group = "About";
  command.summary = "print a completion script for bash, zsh or fish";
  command.description =
      "Commands, options, their values and the workspace's modules are completed.";
  command.positionals = {{"SHELL", Positional::Count::optional, "bash, zsh or fish"}};
  command.options = {
      {"modules", 0, OptionKind::flag, "", "print the names of the workspace's modules instead"}};
  command.examples = {
      {"eval \"$(pgpm completion bash)\"", "in ~/.bashrc"},
      {"pgpm completion fish > ~/.config/fish/completions/pgpm.fish", "for fish"},
  };
  command.run = run_completion;
  return command;
}

}  // namespace pgpm::cli
