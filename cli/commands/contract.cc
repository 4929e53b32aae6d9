#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/invocation.h"
#include "cli/render/json_values.h"
#include "pgpm/session_contract.h"

namespace pgpm::cli {

namespace {

Json json_of(const SessionContract::View& view) {
  Json columns = Json::array();
  for (const auto& [name, type] : view.columns)
    columns.push_back(Json{{"name", name}, {"type", type}});
  return Json{{"name", view.name}, {"columns", columns}};
}

template <std::size_t... index>
std::vector<std::string> names_of_events(std::index_sequence<index...>) {
  return {event_name(std::variant_alternative_t<index, EventKinds>{})...};
}

std::vector<std::string> all_event_names() {
  return names_of_events(std::make_index_sequence<std::variant_size_v<EventKinds>>());
}

Json session_json(const SessionContract& contract) {
  Json views = Json::array(), functions = Json::array(), forms = Json::array();
  for (const SessionContract::View& view : contract.views) views.push_back(json_of(view));
  for (const SessionContract::Function& one : contract.functions)
    functions.push_back(
        Json{{"name", one.name}, {"arguments", one.arguments}, {"result", one.result}});
  for (const SessionContract::MacroForm& one : contract.macro_forms)
    forms.push_back(Json{{"form", one.form}, {"meaning", one.meaning}});
  return Json{{"compat", contract.compat}, {"views", views},
              {"functions", functions},    {"event_type", json_of(contract.event_type)},
              {"events", contract.events}, {"step_types", contract.step_types},
              {"macro_forms", forms}};
}

std::string text_of(const SessionContract& contract, const Style& style) {
  std::string text = style.bold("Views of a session (compat " + contract.compat + ")") + "\n";
  for (const SessionContract::View& view : contract.views) {
    text += "  " + view.name + "\n";
    for (const auto& [name, type] : view.columns)
      text += fmt::format("    {:<20} {}\n", name, type);
  }
  text += style.bold("Functions") + "\n";
  for (const SessionContract::Function& one : contract.functions)
    text += fmt::format("  {}({}) -> {}\n", one.name, one.arguments, one.result);
  text += style.bold("Macro") + "\n";
  for (const SessionContract::MacroForm& one : contract.macro_forms)
    text += fmt::format("  {:<40} {}\n", one.form, one.meaning);
  text += style.bold("Exit status") + "\n";
  for (const ExitCode& code : exit_codes())
    text += fmt::format("  {:>3}  {}\n", code.status, code.meaning);
  return text;
}

int run_contract(Invocation& invocation) {
  const SessionContract contract = session_contract();
  Json codes = Json::array();
  for (const ExitCode& code : exit_codes())
    codes.push_back(Json{{"status", code.status}, {"name", code.name}, {"meaning", code.meaning}});
  Answer answer;
  answer.text = text_of(contract, invocation.terminal.out);
  answer.document = dump_document(Json{{"version", PGPM_VERSION},
                                       {"session", session_json(contract)},
                                       {"run_events", all_event_names()},
                                       {"exit_codes", codes}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command contract_command() {
  Command command;
  command.group = "About";
  command.summary = "show what scripts and programs may rely on";
  command.description =
      "The views and functions of session projects, the forms of the test macro, the events of "
      "--format jsonl, and the exit statuses. None of them changes within a compat version.";
  command.examples = {
      {"pgpm contract", "for people"},
      {"pgpm contract --format json", "for programs"},
  };
  command.run = run_contract;
  return command;
}

}  // namespace pgpm::cli
