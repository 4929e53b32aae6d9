#include "cli/commands/commands.h"
#include "cli/objects_project.h"
#include "cli/render/objects.h"
#include "engine/text/file.h"

namespace pgpm::cli {

namespace {

/// --output-graph, else what pgmg.toml says; "" = nowhere.
std::string graph_file(const Invocation& invocation) {
  const auto given = invocation.arguments.given("output-graph");
  return given ? (invocation.dir / *given).string()
               : read_object_settings(invocation.dir.string()).output_graph;
}

int run_objects_plan(Invocation& invocation) {
  const ObjectOptions options = object_options_of(invocation);
  if (const std::string file = graph_file(invocation); !file.empty())
    replace_file(file, graph_dot(drawn(read_declarations(options.files))));
  const ObjectReport report = plan_objects(object_target_of(invocation), options, invocation.stop);
  Answer answer;
  answer.text = show_object_plan(report, invocation.terminal.out);
  answer.document = dump_document(to_json(report));
  answer.diagnostics = report.warnings;
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command objects_plan_command() {
  Command command;
  command.group = "Objects";
  command.summary = "show what objects apply would do";
  command.description =
      "Compares migrations and declared objects (views, functions, types, triggers, comments, "
      "grants ...) with what was applied last, and shows what would be done, in order.\n\n"
      "What is in the way of a migration is not guessed: the run is tried in a transaction that "
      "is rolled back. Nothing is written, but while it is tried the locks are taken that the run "
      "will take (--lock-timeout). If nothing is pending, the database is only read.";
  command.options = with_object_run({{"output-graph",
                                      0,
                                      OptionKind::value,
                                      "FILE",
                                      "draw there, for Graphviz, which object needs which",
                                      {"outputGraph"}}});
  command.examples = {
      {"pgpm objects plan --migrations-dir migrations --code-dir sql -d shop",
       "what is pending in the database shop"},
      {"pgpm objects plan --format json", "for a program; the rest comes from pgmg.toml"},
  };
  command.run = run_objects_plan;
  return command;
}

}  // namespace pgpm::cli
