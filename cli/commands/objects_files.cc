// `pgpm objects check|graph|new`: what needs the files only.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/commands/commands.h"
#include "cli/objects_project.h"
#include "cli/planner.h"
#include "cli/render/graph.h"
#include "cli/render/json_values.h"
#include "cli/render/objects.h"
#include "engine/text/ascii.h"
#include "engine/text/file.h"

namespace pgpm::cli {

namespace {

Json json_of(const DeclaredGraph& graph) {
  Json nodes = Json::array(), edges = Json::array();
  for (const DeclaredObject& object : graph.objects)
    nodes.push_back(Json{{"kind", object.kind}, {"name", object.name}, {"file", object.file}});
  for (const auto& [dependent, required] : graph.edges)
    edges.push_back(Json{{"from", dependent}, {"to", required}});
  return Json{{"nodes", nodes}, {"edges", edges}};
}

int run_check(Invocation& invocation) {
  const DeclaredGraph graph = read_declarations(object_options_of(invocation).files);
  Answer answer;
  answer.text = fmt::format("{} and {}: nothing wrong.\n", count(graph.migrations, "migration"),
                            count(graph.objects.size(), "object"));
  answer.document =
      dump_document(Json{{"migrations", graph.migrations}, {"objects", graph.objects.size()}});
  invocation.reports.answer(answer);
  return 0;
}

int run_graph(Invocation& invocation) {
  const DeclaredGraph graph = read_declarations(object_options_of(invocation).files);
  const DrawnGraph picture = drawn(graph);
  const std::string format = invocation.arguments.value("format");
  Answer answer;
  answer.text = format == "dot"         ? graph_dot(picture)
                : format == "mermaid"   ? graph_mermaid(picture)
                : format == "svg"       ? graph_svg(picture)
                : picture.nodes.empty() ? "There is nothing to draw.\n"
                                        : graph_tree(picture, invocation.terminal.out);
  answer.document = dump_document(json_of(graph));
  invocation.reports.answer(answer);
  return 0;
}

/// "20240115100000", UTC.
std::string stamp(const Invocation& invocation) {
  std::string digits = time_now(invocation.environment);
  digits.erase(std::remove_if(digits.begin(), digits.end(), [](char c) { return !is_digit(c); }),
               digits.end());
  return digits;
}

int run_new(Invocation& invocation) {
  const std::string name = invocation.arguments.positionals.at(0);
  for (const char c : name)
    if (!is_alnum(c) && c != '_' && c != '-')
      throw Error(ErrorCode::usage,
                  fmt::format("\"{}\": a migration's name has letters, digits, _ and - only",
                              printable(name)));
  const ObjectSettings settings = read_object_settings(invocation.dir.string());
  const auto given = invocation.arguments.given("migrations-dir");
  const std::filesystem::path dir = given ? invocation.dir / *given
                                    : settings.files.migrations_dir.empty()
                                        ? invocation.dir / "migrations"
                                        : std::filesystem::path(settings.files.migrations_dir);
  std::filesystem::create_directories(dir);
  const std::filesystem::path path = dir / fmt::format("{}_{}.sql", stamp(invocation), name);
  if (std::filesystem::exists(path))
    throw Error(ErrorCode::refused, fmt::format("{} is there already", shown_path(path)));
  replace_file(path, fmt::format("-- {}\n", name));
  Answer answer;
  answer.text = fmt::format("Wrote {}.\n", shown_path(path));
  answer.document = dump_document(Json{{"file", shown_path(path)}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command objects_check_command() {
  Command command;
  command.group = "Objects";
  command.summary = "find what is wrong with migrations and declarations, without a database";
  command.description =
      "Reads all files: statements that do not parse or declare nothing that can be managed, "
      "objects that are declared twice, that need each other in a circle, and migrations that "
      "cannot run in a transaction. The exit status is 10 if there is any.";
  command.options = with_object_files({});
  command.examples = {{"pgpm objects check", "the directories that pgmg.toml names"},
                      {"pgpm objects check --code-dir sql --format json", "for a program"}};
  command.run = run_check;
  return command;
}

Command objects_graph_command() {
  Command command;
  command.group = "Objects";
  command.summary = "draw which declared objects need which";
  command.description = "Read from the files alone, bodies of SQL and PL/pgSQL functions included.";
  command.options = with_object_files({
      {"format",
       0,
       OptionKind::value,
       "FORMAT",
       "form of the output",
       {},
       {"text", "json", "jsonl", "dot", "mermaid", "svg"}},
  });
  command.examples = {
      {"pgpm objects graph", "as a tree"},
      {"pgpm objects graph --code-dir sql --format dot > graph.dot", "for Graphviz"}};
  command.run = run_graph;
  return command;
}

Command objects_new_command() {
  Command command;
  command.group = "Objects";
  command.summary = "write an empty migration";
  command.description =
      "Writes YYYYMMDDHHMMSS_NAME.sql, by the time now in UTC, into the migrations directory "
      "(default: migrations).";
  command.positionals = {{"NAME", Positional::Count::required, "letters, digits, _ and -"}};
  command.options = {
      {"migrations-dir", 0, OptionKind::value, "DIR", "where it is written", {"migrationsDir"}}};
  command.examples = {
      {"pgpm objects new add_products", "into the directory pgmg.toml names"},
      {"pgpm objects new add_score --migrations-dir db/migrations", "into another one"}};
  command.run = run_new;
  return command;
}

}  // namespace pgpm::cli
