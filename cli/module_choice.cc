#include "cli/module_choice.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/invocation.h"
#include "cli/sqitch_target.h"
#include "cli/suggest.h"
#include "cli/terminal.h"
#include "engine/text/ascii.h"
#include "pgpm/error.h"

namespace pgpm::cli {

namespace {

std::vector<std::string> names_in(const Workspace& workspace) {
  std::vector<std::string> names;
  for (const Module& module : workspace.modules) names.push_back(module.name);
  return names;
}

Error unsound(const Workspace& workspace) {
  std::size_t errors = 0;
  for (const Diagnostic& diagnostic : workspace.diagnostics)
    if (diagnostic.severity == Severity::error) ++errors;
  return Error(ErrorCode::configuration,
               fmt::format("{} in the workspace's files", count(errors, "problem")))
      .with(workspace.diagnostics);
}

const Module& named(const Workspace& workspace, const std::string& name) {
  const Module* module = workspace.find(name);
  if (module != nullptr) return *module;
  // The name may be missing only because its files cannot be read.
  if (workspace.has_errors()) throw unsound(workspace);
  const std::vector<std::string> names = names_in(workspace);
  throw Error(ErrorCode::configuration,
              fmt::format("there is no module \"{}\"{}", name, did_you_mean(name, names)))
      .hint(names.empty() ? "The workspace has no modules."
                          : fmt::format("The workspace has: {}.", fmt::join(names, ", ")));
}

Error undecided(const Workspace& workspace) {
  const std::vector<std::string> names = names_in(workspace);
  if (names.empty())
    return Error(ErrorCode::usage, "the workspace has no modules")
        .hint("`pgpm init NAME` makes one.");
  return Error(ErrorCode::usage, "this is the workspace's root: which module is meant?")
      .hint(fmt::format("Name one, or all with --workspace --all. There are: {}.",
                        fmt::join(names, ", ")));
}

void check_all(const ModuleRequest& request) {
  const bool is_for_workspace = request.all_means == ModuleRequest::All::of_workspace;
  if (request.all && !request.workspace && is_for_workspace)
    throw Error(ErrorCode::usage, "--all means all modules of the workspace")
        .hint("Write --workspace --all.");
  if (request.workspace && request.all && !request.names.empty())
    throw Error(ErrorCode::usage,
                fmt::format("--workspace --all and the module {} contradict each other",
                            request.names.front()));
}

}  // namespace

std::vector<std::string> choose_modules(const Workspace& workspace, const ModuleRequest& request,
                                        const Chooser& choose) {
  check_all(request);
  if (!request.names.empty()) {
    std::vector<std::string> names;
    for (const std::string& name : request.names) names.push_back(named(workspace, name).name);
    return names;
  }
  if (request.workspace && request.all) return {};
  if (workspace.current && !request.workspace) return {workspace.modules[*workspace.current].name};
  if (workspace.modules.empty() && workspace.has_errors()) throw unsound(workspace);
  if (request.at_root == ModuleRequest::AtRoot::all) return {};
  if (!choose || workspace.modules.empty()) throw undecided(workspace);
  const std::optional<std::string> chosen = choose(names_in(workspace));
  if (!chosen) throw undecided(workspace);
  return {named(workspace, *chosen).name};
}

Option one_module_option() {
  return {"package",
          0,
          OptionKind::value,
          "MODULE",
          "the module (default: the one of the working directory)",
          {"module"}};
}

std::vector<Option> module_options() {
  return {
      {"package",
       0,
       OptionKind::many_values,
       "MODULE",
       "a module, as if it were given as an argument",
       {"module"}},
      {"workspace", 0, OptionKind::flag, "",
       "act on the workspace instead of one module; goes with --all"},
      {"all", 0, OptionKind::flag, "", "all modules (with --workspace)"},
  };
}

std::vector<Option> with_modules(std::vector<Option> own) {
  for (Option& option : module_options()) own.push_back(std::move(option));
  return own;
}

namespace {

/// A number of the list, or a name. Asks until the answer is one of them or empty.
std::optional<std::string> ask_for_module(Invocation& invocation,
                                          const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i)
    list += fmt::format("  {}  {}\n",
                        invocation.terminal.err.bold(pad_left(std::to_string(i + 1), 3)), names[i]);
  invocation.err.write("Modules of this workspace:\n" + list);
  for (;;) {
    const std::string answer =
        ask(invocation.err, "Which one (number or name, empty to leave)? ", invocation.stop)
            .value_or("");
    if (answer.empty()) return std::nullopt;
    for (std::size_t i = 0; i < names.size(); ++i)
      if (answer == names[i] || answer == std::to_string(i + 1)) return names[i];
    const std::string nearest = did_you_mean(answer, names);
    invocation.err.write(fmt::format("There is no module \"{}\"{}\n", printable(answer),
                                     nearest.empty() ? "." : nearest));
  }
}

}  // namespace

std::vector<std::string> modules_of(Invocation& invocation, const Workspace& workspace,
                                    ModuleRequest request, Positionals positionals) {
  request.names = invocation.arguments.values("package");
  if (positionals == Positionals::modules)
    request.names.insert(request.names.end(), invocation.arguments.positionals.begin(),
                         invocation.arguments.positionals.end());
  request.workspace = invocation.arguments.is_on("workspace");
  request.all = invocation.arguments.is_on("all");
  Chooser choose;
  if (invocation.terminal.can_ask && !invocation.arguments.is_on("yes"))
    choose = [&](const std::vector<std::string>& names) {
      return ask_for_module(invocation, names);
    };
  return choose_modules(workspace, request, choose);
}

const Module& module_of(Invocation& invocation, const Workspace& workspace) {
  const std::vector<std::string> names =
      modules_of(invocation, workspace, ModuleRequest{}, Positionals::something_else);
  if (names.size() != 1)
    throw Error(ErrorCode::usage,
                fmt::format("`pgpm {}` works on one module", invocation.command.name));
  return named(workspace, names.front());
}

namespace {

/// What --set says. The message must not show a value: it may be a secret.
std::map<std::string, std::string, std::less<>> psql_variables(const Invocation& invocation) {
  std::map<std::string, std::string, std::less<>> variables;
  // Another command's --set may mean something else.
  const std::vector<Option>& options = invocation.command.options;
  const bool is_ours = std::any_of(options.begin(), options.end(), [](const Option& option) {
    return option.name == "set" && option.value == set_option().value;
  });
  if (!is_ours) return variables;
  for (const std::string& text : invocation.arguments.values("set")) {
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string name = text.substr(0, equals);
    const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return is_alnum(c) || c == '_' || is_high(c);
    });
    if (equals == text.size() || !is_name)
      throw Error(ErrorCode::usage, "--set wants NAME=VALUE, the name of letters, digits and _")
          .hint("write --set schema=app; a script then says :schema, :'schema' or :\"schema\"");
    variables[name] = text.substr(equals + 1);
  }
  return variables;
}

}  // namespace

Workspace load_workspace_of(const Invocation& invocation) {
  Workspace workspace =
      load_workspace(invocation.dir, invocation.environment.get("PGPM_EXTENSIONS_DIR"),
                     sqitch_sources(invocation.arguments, invocation.environment, invocation.dir));
  const auto variables = psql_variables(invocation);
  for (Module& module : workspace.modules)
    for (const auto& [name, value] : variables) module.set_psql_variable(name, value);
  return workspace;
}

Option set_option() {
  return {"set", 0, OptionKind::many_values, "NAME=VALUE",
          "a psql variable: what :NAME, :'NAME' and :\"NAME\" in scripts stand for"};
}

Workspace load_sound_workspace_of(const Invocation& invocation) {
  Workspace workspace = load_workspace_of(invocation);
  if (workspace.has_errors()) throw unsound(workspace);
  return workspace;
}

}  // namespace pgpm::cli
