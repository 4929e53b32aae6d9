#include <fmt/format.h>

#include <map>

#include "cli/commands/commands.h"
#include "cli/render/json_values.h"
#include "cli/session_options.h"
#include "pgpm/session.h"

namespace pgpm::cli {

namespace {

/// "ok", "absent", or what is wrong with it.
std::string state_of_settings(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "pgmi.yaml")) return "absent";
  try {
    read_session_settings(folder);
    return "ok";
  } catch (const Error& error) {
    return std::string("error: ") + error.what();
  }
}

std::map<std::string, std::size_t> directories(const SessionProject& project) {
  std::map<std::string, std::size_t> found;
  const auto add = [&](const std::string& path) { ++found[path.substr(0, path.rfind('/') + 1)]; };
  for (const SessionFile& file : project.files) add(file.path);
  for (const std::string& path : project.test_paths) add(path);
  return found;
}

int run_session_info(Invocation& invocation) {
  const std::filesystem::path folder = project_folder(invocation);
  const SessionProject project = load_session_project(folder, session_scan_options(invocation));
  std::size_t sql = 0, with_metadata = 0;
  for (const SessionFile& file : project.files) {
    sql += file.is_sql ? 1u : 0u;
    with_metadata += file.metadata ? 1u : 0u;
  }
  const std::string settings = state_of_settings(folder);
  const std::string kind = std::filesystem::exists(folder / "lib" / "api") ? "advanced" : "basic";
  Answer answer;
  answer.text =
      fmt::format("{} ({} layout)\n  {}, {} of them SQL, {} with metadata, {}\n  pgmi.yaml: {}\n",
                  invocation.terminal.out.bold(printable(project.name)), kind,
                  count(project.files_read(), "file"), sql + project.tests.size(), with_metadata,
                  count(project.tests.size(), "test file"), printable(settings));
  Json in_directories = Json::object();
  for (const auto& [directory, files] : directories(project)) {
    in_directories[directory] = files;
    answer.text += fmt::format("  {:>5}  {}\n", files, printable(directory));
  }
  answer.document =
      dump_document(Json{{"path", std::filesystem::absolute(folder).lexically_normal()},
                         {"template", kind},
                         {"deploySql", true},
                         {"configFile", settings},
                         {"totalFiles", project.files_read()},
                         {"sqlFiles", sql},
                         {"testFiles", project.tests.size()},
                         {"metadataWith", with_metadata},
                         {"directories", in_directories}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command session_info_command() {
  Command command;
  command.group = "Session projects";
  command.summary = "show what a project consists of, without a database";
  command.description =
      "Counts the project's files by kind and folder, and tells whether its settings can be read.";
  command.positionals = {{"PATH", Positional::Count::optional,
                          "the project's folder; default: the working directory"}};
  command.examples = {
      {"pgpm session info ./shop", "the project in ./shop"},
      {"pgpm session info --format json", "for a program to read"},
  };
  command.run = run_session_info;
  return command;
}

}  // namespace pgpm::cli
