#include <fmt/format.h>

#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/render/json_values.h"
#include "cli/session_options.h"
#include "engine/text/file.h"
#include "pgpm/session.h"

namespace pgpm::cli {

namespace {

namespace fs = std::filesystem;

/// Settings that are there already are kept; anything else may be somebody's work.
bool is_tolerated(const fs::path& entry) {
  return entry.filename() == "pgmi.yaml" || entry.filename() == ".env";
}

void require_room(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error))
    if (!is_tolerated(entry.path()))
      throw Error(ErrorCode::usage, fmt::format("{} is not empty", shown_path(folder)))
          .hint("name a folder that does not exist yet");
  if (error) throw Error(ErrorCode::usage, fmt::format("{} is no folder", shown_path(folder)));
}

std::string names() {
  std::string all;
  for (const SessionTemplate& one : session_templates())
    all += fmt::format("{}{}  {}", all.empty() ? "" : "\n", one.name, one.description);
  return all;
}

int run_session_init(Invocation& invocation) {
  const fs::path folder = project_folder(invocation).lexically_normal();
  const std::string chosen = invocation.arguments.given("template")
                                 ? invocation.arguments.value("template")
                                 : std::string("basic");
  const fs::path named = folder.has_filename() ? folder : folder.parent_path();
  const auto files = template_files(chosen, named.filename().native());
  require_room(folder);
  Answer answer;
  answer.text = fmt::format("Made the session project {}.\n",
                            invocation.terminal.out.bold(printable(named.filename().native())));
  Json written = Json::array();
  for (const TemplateFile& file : files) {
    const fs::path path = folder / file.path;
    if (fs::exists(path)) continue;
    fs::create_directories(path.parent_path());
    replace_file(path, file.text);
    written.push_back(file.path);
    answer.text += fmt::format("  {} {}\n", invocation.terminal.out.green("+"), file.path);
  }
  answer.text += fmt::format("Next: `pgpm session deploy {} -d DATABASE`\n",
                             invocation.arguments.positionals.empty()
                                 ? std::string(".")
                                 : invocation.arguments.positionals.front());
  if (invocation.arguments.is_on("quiet")) answer.text.clear();
  answer.document = dump_document(Json{{"template", chosen}, {"files", written}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command session_init_command() {
  Command command;
  command.group = "Session projects";
  command.summary = "make a session project from a template";
  command.description =
      "Writes a project that deploys as it is, with its tests, into an empty folder. "
      "Templates:\n\n" +
      names();
  command.positionals = {
      {"PATH", Positional::Count::optional, "where to; default: the working directory"}};
  std::vector<std::string> choices;
  for (const SessionTemplate& one : session_templates()) choices.push_back(one.name);
  command.options = {
      {"template", 't', OptionKind::value, "NAME", "which template (default basic)", {}, choices}};
  command.examples = {
      {"pgpm session init shop", "a small project in ./shop"},
      {"pgpm session init shop --template advanced", "one with roles, API and bookkeeping"},
  };
  command.run = run_session_init;
  return command;
}

}  // namespace pgpm::cli
