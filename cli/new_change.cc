#include "cli/new_change.h"

#include <fmt/format.h>

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

}  // namespace pgpm::cli
