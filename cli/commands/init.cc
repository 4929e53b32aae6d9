#include <optional>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "cli/template_source.h"
#include "pgpm/scaffold.h"

namespace pgpm::cli {

namespace {

struct Request {
  enum class Kind { workspace, module } kind = Kind::module;
  std::string name;
};

/// Without a name it is the working directory's; an empty one is a variable that was not set.
std::string name_of(const Invocation& invocation, const std::optional<std::string>& word) {
  const auto name = word ? word : invocation.arguments.given("name");
  if (!name) return invocation.dir.filename().generic_string();
  if (name->empty())
    throw Error(ErrorCode::usage, "the name is empty")
        .hint("Leave it out to have the working directory's.");
  return *name;
}

/// `init workspace [NAME]`, `init module [NAME]`, `init NAME`.
Request request_of(const Invocation& invocation) {
  const std::vector<std::string>& words = invocation.arguments.positionals;
  Request request;
  std::size_t next = 0;
  if (!words.empty() && (words[0] == "workspace" || words[0] == "module")) {
    if (words[0] == "workspace") request.kind = Request::Kind::workspace;
    next = 1;
  }
  std::optional<std::string> word;
  if (next < words.size()) word = words[next++];
  if (next < words.size())
    throw Error(ErrorCode::usage,
                fmt::format("`pgpm init` does not know what to do with \"{}\"", words[next]));
  request.name = name_of(invocation, word);
  return request;
}

InitOptions options_of(const Invocation& invocation, const Request& request) {
  InitOptions options;
  options.kind = request.kind == Request::Kind::workspace ? InitOptions::Kind::workspace
                                                          : InitOptions::Kind::module;
  options.name = request.name;
  options.requires_modules = invocation.arguments.values("requires");
  options.github_workflow = invocation.arguments.is_on("github-workflow");
  for (const std::string& setting : invocation.arguments.values("set")) {
    const std::size_t equals = setting.find('=');
    if (equals == 0 || equals == setting.npos)
      throw Error(ErrorCode::usage, fmt::format("--set {}: NAME=VALUE is wanted", setting));
    options.variables[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  return options;
}

TemplateRequest template_of(const Invocation& invocation) {
  TemplateRequest request;
  if (const auto dir = invocation.arguments.given("template"))
    request.template_dir = invocation.dir / *dir;
  request.repo = invocation.arguments.value("repo");
  request.branch = invocation.arguments.value("from-branch");
  request.variant = invocation.arguments.value("dir");
  for (const char* name : {"template", "repo", "from-branch", "dir"})
    if (const auto given = invocation.arguments.given(name); given && given->empty())
      throw Error(ErrorCode::usage, fmt::format("--{} is empty", name));
  return request;
}

/// On a terminal the template's questions are asked; elsewhere init() names what is missing.
void ask_open_variables(Invocation& invocation, InitOptions& options) {
  if (!invocation.terminal.can_ask || options.template_dir.empty()) return;
  for (const std::string& name : open_variables(options))
    options.variables[name] =
        ask(invocation.err, fmt::format("{}? ", printable(name)), invocation.stop).value_or("");
}

int run_init(Invocation& invocation) {
  const Request request = request_of(invocation);
  const bool is_workspace = request.kind == Request::Kind::workspace;
  if (is_workspace && invocation.arguments.given("requires"))
    throw Error(ErrorCode::usage, "--requires is for modules");
  InitOptions options = options_of(invocation, request);
  const TemplateSource source = find_template(template_of(invocation));
  options.template_dir = source.dir;
  ask_open_variables(invocation, options);
  const std::vector<std::string> files = init(invocation.dir, options);
  Answer answer;
  answer.text = fmt::format("Made the {} {}.\n", is_workspace ? "workspace" : "module",
                            invocation.terminal.out.bold(request.name));
  for (const std::string& file : files)
    answer.text += fmt::format("  {} {}\n", invocation.terminal.out.green("+"), file);
  answer.text +=
      is_workspace
          ? "Next: `pgpm init my-module` makes its first module.\n"
          : "Next: `pgpm add my-change`, in the module's directory, plans its first change.\n";
  answer.document = dump_document(Json{
      {"kind", is_workspace ? "workspace" : "module"}, {"name", request.name}, {"files", files}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command init_command() {
  Command command;
  command.group = "Files";
  command.summary = "make a workspace or a module";
  command.description =
      "`init workspace` writes pgpm.json into the working directory. `init NAME` (or `init module "
      "NAME`) makes a module: "
      "at a workspace's root in packages/NAME, below a packages folder in ./NAME, outside a "
      "workspace right here.\n\n"
      "A template is a directory, or a git repository, whose files are copied; ____NAME____ in "
      "their "
      "paths and texts is replaced by the value of that name (moduleName and repoName are the name "
      "of what is made; others come from --set or are asked on a terminal). A template may have "
      "the directories module and workspace. What it lacks of a module is added.";
  command.positionals = {
      {"workspace|module", Positional::Count::optional, "what to make (default: a module)"},
      {"NAME", Positional::Count::optional, "its name (default: the working directory's)"}};
  command.options = {
      {"name",
       0,
       OptionKind::value,
       "NAME",
       "its name, as if it were given as an argument",
       {"moduleName"}},
      {"requires", 'r', OptionKind::many_values, "MODULE",
       "a module or extension the new module requires; repeatable"},
      {"template", 't', OptionKind::value, "DIR", "take this template", {"template-path"}},
      {"repo", 0, OptionKind::value, "URL|PATH|OWNER/NAME", "clone this template with git"},
      {"from-branch", 0, OptionKind::value, "BRANCH", "of --repo", {"fromBranch"}},
      {"dir", 0, OptionKind::value, "DIR", "the directory of the template that is meant"},
      {"set", 0, OptionKind::many_values, "NAME=VALUE", "a value for the template; repeatable"},
      {"github-workflow", 0, OptionKind::flag, "",
       "add .github/workflows/pgpm.yml: checks, and full cycles of all modules"},
  };
  command.examples = {
      {"pgpm init workspace shop", "a workspace in the working directory"},
      {"pgpm init orders --requires customers --requires citext",
       "a module that requires another and an extension"},
      {"pgpm init workspace shop --github-workflow", "with a workflow that proves every module"},
      {"pgpm init orders --template templates --set owner=sales", "from a template of your own"},
  };
  command.run = run_init;
  return command;
}

}  // namespace pgpm::cli
