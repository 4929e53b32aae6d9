#include <algorithm>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

namespace {

/// "a,b" and repeated options alike. Nothing at all means none; between commas it is refused as a
/// name, with the others.
std::vector<std::string> names_in(const std::vector<std::string>& values) {
  std::vector<std::string> names;
  for (const std::string& value : values) {
    std::size_t begin = value.empty() ? 1 : 0;
    while (begin <= value.size()) {
      const std::size_t comma = std::min(value.find(',', begin), value.size());
      std::string name = value.substr(begin, comma - begin);
      name.erase(0, name.find_first_not_of(' '));
      name.erase(name.find_last_not_of(' ') + 1);
      names.push_back(std::move(name));
      begin = comma + 1;
    }
  }
  return names;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Control files know modules by their control names.
std::string control_name_of(const Workspace& workspace, const std::string& name) {
  const Module* module = workspace.find(name);
  return module == nullptr ? name : module->name;
}

void refuse_empty(const Arguments& arguments, const char* option) {
  for (const std::string& value : arguments.values(option))
    if (value.empty()) throw Error(ErrorCode::usage, fmt::format("--{} is empty", option));
}

std::vector<std::string> wanted(const Arguments& arguments, const Workspace& workspace,
                                const Module& module) {
  refuse_empty(arguments, "add");
  refuse_empty(arguments, "remove");
  std::vector<std::string> names = module.control.requires_modules;
  if (arguments.given("set")) names = names_in(arguments.values("set"));
  for (std::string& name : names) name = control_name_of(workspace, name);
  for (const std::string& name : names_in(arguments.values("add")))
    if (!holds(names, control_name_of(workspace, name)))
      names.push_back(control_name_of(workspace, name));
  for (const std::string& name : names_in(arguments.values("remove"))) {
    const std::string gone = control_name_of(workspace, name);
    if (!holds(names, gone))
      throw Error(ErrorCode::configuration,
                  fmt::format("{} does not require \"{}\"", module.name, name))
          .hint(names.empty() ? "It requires nothing."
                              : fmt::format("It requires: {}.", fmt::join(names, ", ")));
    names.erase(std::find(names.begin(), names.end(), gone));
  }
  return names;
}

std::string text_of(const Workspace& workspace, const std::vector<std::string>& before,
                    const std::vector<std::string>& after, const Style& style) {
  std::string text;
  for (const std::string& name : after)
    text += fmt::format("  {} {}{}\n", holds(before, name) ? " " : style.green("+"), name,
                        workspace.find(name) == nullptr ? style.dim("  (extension)") : "");
  for (const std::string& name : before)
    if (!holds(after, name)) text += fmt::format("  {} {}\n", style.red("-"), name);
  return text.empty() ? "  nothing\n" : text;
}

int run_extension(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Module& module = module_of(invocation, workspace);
  const std::vector<std::string>& before = module.control.requires_modules;
  const std::vector<std::string> after = wanted(invocation.arguments, workspace, module);
  if (after != before) set_requirements(workspace, module, after);
  Answer answer;
  answer.text = fmt::format("{} requires:\n{}", invocation.terminal.out.bold(module.name),
                            text_of(workspace, before, after, invocation.terminal.out));
  answer.document =
      dump_document(Json{{"module", module.name}, {"requires", after}, {"before", before}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command extension_command() {
  Command command;
  command.group = "Files";
  command.summary = "show or set which modules and extensions a module requires";
  command.description =
      "Without options it shows `requires` of the module's control file. --set replaces the list, "
      "then --add adds and --remove removes; names may be separated by commas, the order is kept, "
      "and no other byte of the file changes. A cycle between modules is refused. What is no "
      "module of the workspace is an extension that PostgreSQL offers.";
  command.options = {
      {"add", 0, OptionKind::many_values, "NAME", "require this, too; repeatable"},
      {"remove", 0, OptionKind::many_values, "NAME", "no longer require this; repeatable"},
      {"set", 0, OptionKind::many_values, "NAME", "require exactly these; repeatable"},
      one_module_option(),
  };
  command.examples = {
      {"pgpm extension", "what the module requires"},
      {"pgpm extension --add citext,pgcrypto --remove hstore", "change it"},
  };
  command.run = run_extension;
  return command;
}

}  // namespace pgpm::cli
