#include "cli/new_change.h"

#include <sstream>

#include <fmt/format.h>

#include "cli/child_program.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"

namespace pgpm::cli {

std::vector<Option> new_change_options() {
  return {
      {"requires", 'r', OptionKind::many_values, "CHANGE",
       "what must be deployed before it; repeatable"},
      {"conflicts", 'x', OptionKind::many_values, "CHANGE",
       "what must not be deployed; repeatable"},
      {"note", 'm', OptionKind::value, "TEXT", "a note", {"message", "comment"}},
      {"open", 0, OptionKind::flag, "", "open the new scripts in $VISUAL or $EDITOR"},
      one_module_option(),
  };
}

NewChange new_change_of(const Invocation& invocation) {
  NewChange change;
  change.name = invocation.arguments.positionals.front();
  change.requires_changes = invocation.arguments.values("requires");
  change.conflicts = invocation.arguments.values("conflicts");
  change.note = invocation.arguments.value("note");
  return change;
}

void answer_with_files(Invocation& invocation, const Module& module, const NewChange& change,
                       const std::vector<std::string>& files, const std::string& headline,
                       const std::string& next) {
  Answer answer;
  answer.text = headline + "\n";
  for (const std::string& file : files)
    answer.text += fmt::format("  {} {}\n", invocation.terminal.out.green("+"), file);
  if (!next.empty()) answer.text += "Next: " + next + "\n";
  answer.document =
      dump_document(Json{{"module", module.package}, {"change", change.name}, {"files", files}});
  invocation.reports.answer(answer);
}

std::vector<std::string> editor_of(const Invocation& invocation) {
  if (!invocation.arguments.is_on("open")) return {};
  std::string line = invocation.environment.get("VISUAL");
  if (line.empty()) line = invocation.environment.get("EDITOR");
  std::vector<std::string> words;
  std::istringstream in(line);
  for (std::string word; in >> word;) words.push_back(word);
  if (words.empty())
    throw Error(ErrorCode::usage, "--open does not know your editor")
        .hint("Set EDITOR, for example EDITOR=nano.");
  return words;
}

void open_in_editor(std::vector<std::string> editor, const Module& module,
                    const std::string& change) {
  if (editor.empty()) return;
  for (const auto kind :
       {Module::ScriptKind::deploy, Module::ScriptKind::revert, Module::ScriptKind::verify}) {
    const std::filesystem::path script = module.script_path(kind, change);
    if (std::filesystem::exists(script)) editor.push_back(script.string());
  }
  if (const int status = run_in_terminal(editor); status != 0)
    throw Error(ErrorCode::other, status == 127
                                      ? fmt::format("cannot start {}", editor.front())
                                      : fmt::format("{} ended with {}", editor.front(), status))
        .leaving("the plan and the scripts are written");
}

}  // namespace pgpm::cli
