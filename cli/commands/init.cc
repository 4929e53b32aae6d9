#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

namespace {

struct Request {
  enum class Kind { workspace, module } kind = Kind::module;
  std::string name;
};

/// `init workspace [NAME]`, `init module [NAME]`, `init NAME`.
Request request_of(const Invocation& invocation) {
  const std::vector<std::string>& words = invocation.arguments.positionals;
  Request request;
  std::size_t next = 0;
  if (!words.empty() && (words[0] == "workspace" || words[0] == "module")) {
    if (words[0] == "workspace") request.kind = Request::Kind::workspace;
    next = 1;
  }
  if (next < words.size()) request.name = words[next++];
  if (next < words.size())
    throw Error(ErrorCode::usage,
                fmt::format("`pgpm init` does not know what to do with \"{}\"", words[next]));
  if (request.name.empty()) request.name = invocation.arguments.value("name");
  if (request.name.empty()) request.name = invocation.dir.filename().generic_string();
  return request;
}

int run(Invocation& invocation) {
  const Request request = request_of(invocation);
  const bool is_workspace = request.kind == Request::Kind::workspace;
  if (is_workspace && invocation.arguments.given("requires"))
    throw Error(ErrorCode::usage, "--requires is for modules");
  const std::vector<std::string> files =
      is_workspace
          ? init_workspace(invocation.dir, request.name)
          : init_module(invocation.dir, request.name, invocation.arguments.values("requires"));
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
  command.name = "init";
  command.group = "Files";
  command.summary = "make a workspace or a module";
  command.description =
      "`init workspace` writes pgpm.json into the working directory. `init NAME` (or `init module "
      "NAME`) makes a module: "
      "at a workspace's root in packages/NAME, below a packages folder in ./NAME, outside a "
      "workspace right here.";
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
  };
  command.examples = {
      {"pgpm init workspace shop", "a workspace in the working directory"},
      {"pgpm init orders --requires customers --requires citext",
       "a module that requires another and an extension"},
  };
  command.run = run;
  return command;
}

}  // namespace pgpm::cli
