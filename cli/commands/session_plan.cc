#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/render/json_values.h"
#include "cli/session_options.h"
#include "pgpm/session.h"

namespace pgpm::cli {

namespace {

Json json_of(const SessionPlanRow& row) {
  return Json{{"path", row.path},
              {"id", row.id},
              {"idempotent", row.idempotent},
              {"sort_key", row.sort_key},
              {"description", row.description}};
}

Json json_of(const SessionTestStep& step) {
  Json json{{"ordinal", step.ordinal},
            {"kind", step.kind},
            {"directory", step.directory},
            {"depth", step.depth}};
  if (!step.path.empty()) json["path"] = step.path;
  return json;
}

std::string text_of(const std::vector<SessionPlanRow>& rows,
                    const std::vector<SessionTestStep>& steps,
                    const std::vector<SessionUnit>& units, const Style& style) {
  std::string text = style.bold("deploy.sql") + fmt::format(": {}\n", count(units.size(), "unit"));
  for (const SessionUnit& unit : units)
    text += fmt::format("  line {:>4}  {}\n", unit.line, printable(unit.beginning));
  text += style.bold("pgmi_plan_view") + fmt::format(": {}\n", count(rows.size(), "row"));
  for (const SessionPlanRow& row : rows)
    text += fmt::format(
        "  {}{}\n", printable(row.path),
        row.sort_key == row.path ? "" : style.dim(fmt::format("  ({})", printable(row.sort_key))));
  text += style.bold("tests") + fmt::format(": {}\n", count(steps.size(), "step"));
  for (const SessionTestStep& step : steps)
    text += fmt::format("  {:<8}  {}\n", step.kind,
                        printable(step.path.empty() ? step.directory : step.path));
  return text;
}

int run_session_plan(Invocation& invocation) {
  const SessionProject project =
      load_session_project(project_folder(invocation), session_scan_options(invocation));
  const auto rows =
      session_plan(project, invocation.arguments.is_on("all-files-in-plan") ? PlanFiles::all
                                                                            : PlanFiles::sql_only);
  const std::vector<SessionTestStep> steps = session_test_steps(project);
  const std::vector<SessionUnit> units = session_units(project);
  Json document{{"units", Json::array()}, {"plan", Json::array()}, {"tests", Json::array()}};
  for (const SessionUnit& unit : units)
    document["units"].push_back(Json{{"line", unit.line}, {"beginning", unit.beginning}});
  for (const SessionPlanRow& row : rows) document["plan"].push_back(json_of(row));
  for (const SessionTestStep& step : steps) document["tests"].push_back(json_of(step));
  Answer answer;
  answer.text = text_of(rows, steps, units, invocation.terminal.out);
  answer.document = dump_document(document);
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command session_plan_command() {
  Command command;
  command.group = "Session projects";
  command.summary = "show what the deploy.sql of a project will find, without a database";
  command.description =
      "Reads the project and shows the messages its deploy.sql is sent in, the rows of "
      "pgmi_plan_view in their order, and the fixtures and tests in the order they run. What "
      "deploy.sql makes of them only a deploy can tell.";
  command.positionals = {{"PATH", Positional::Count::optional,
                          "the project's folder; default: the working directory"}};
  command.options = {{"all-files-in-plan", 0, OptionKind::flag, "",
                      "as it is with this option of `session deploy`"}};
  command.examples = {
      {"pgpm session plan ./shop", "the project in ./shop"},
      {"pgpm session plan --format json", "for a program to read"},
  };
  command.run = run_session_plan;
  return command;
}

}  // namespace pgpm::cli
