#include <fmt/format.h>

#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/render/json_values.h"
#include "cli/session_options.h"
#include "engine/text/file.h"
#include "pgpm/session.h"

namespace pgpm::cli {

namespace {

SessionProject project_of(const Invocation& invocation) {
  const std::vector<std::string>& words = invocation.arguments.positionals;
  const std::filesystem::path folder =
      words.size() < 2 ? invocation.dir : invocation.dir / words[1];
  return load_session_project(folder, session_scan_options(invocation));
}

/// Broken metadata has been refused when the project was read.
int validate(Invocation& invocation) {
  const SessionProject project = project_of(invocation);
  std::size_t with = 0, without = 0;
  for (const SessionFile& file : project.files)
    if (file.is_sql) ++(file.metadata ? with : without);
  Answer answer;
  answer.text = fmt::format("{} with metadata, {} without; every id is used once.\n",
                            count(with, "file"), without);
  answer.document = dump_document(Json{{"total_files", with + without},
                                       {"files_with_metadata", with},
                                       {"files_without_metadata", without},
                                       {"validation_passed", true},
                                       {"duplicate_ids", Json::array()}});
  invocation.reports.answer(answer);
  return 0;
}

/// Each file once, by its first sort key.
int plan(Invocation& invocation) {
  std::vector<SessionPlanRow> rows = session_plan(project_of(invocation), PlanFiles::sql_only);
  std::vector<std::string> seen;
  Json list = Json::array();
  std::string text;
  for (const SessionPlanRow& row : rows) {
    if (std::find(seen.begin(), seen.end(), row.path) != seen.end()) continue;
    seen.push_back(row.path);
    Json keys = Json::array();
    for (const SessionPlanRow& other : rows)
      if (other.path == row.path) keys.push_back(other.sort_key);
    text += fmt::format("{}  {}  {}\n", row.id, row.idempotent ? "again" : "once ",
                        printable(row.path));
    list.push_back(Json{{"path", row.path},
                        {"id", row.id},
                        {"idempotent", row.idempotent},
                        {"sort_keys", keys},
                        {"description", row.description}});
  }
  Answer answer;
  answer.text = text.empty() ? "There are no SQL files.\n" : text;
  answer.document = dump_document(Json{{"total_files", seen.size()}, {"plan", list}});
  invocation.reports.answer(answer);
  return 0;
}

int scaffold(Invocation& invocation) {
  const SessionProject project = project_of(invocation);
  const bool writes = invocation.arguments.is_on("write");
  const bool idempotent = !invocation.arguments.is_off("idempotent");
  Answer answer;
  Json files = Json::array();
  for (const SessionFile& file : project.files) {
    if (!file.is_sql || file.metadata) continue;
    const std::string block = metadata_block(file, idempotent);
    if (writes) replace_file(project.root / file.path.substr(2), block + file.content);
    files.push_back(file.path);
    answer.text +=
        writes ? fmt::format("  {} {}\n", invocation.terminal.out.green("+"), printable(file.path))
               : fmt::format("{}\n{}\n", invocation.terminal.out.bold(file.path), block);
  }
  if (files.empty())
    answer.text = "Every SQL file has metadata.\n";
  else if (!writes)
    answer.text +=
        fmt::format("{} would get metadata; --write does it.\n", count(files.size(), "file"));
  answer.document = dump_document(Json{{"written", writes}, {"files", files}});
  invocation.reports.answer(answer);
  return 0;
}

int run_session_metadata(Invocation& invocation) {
  const std::string& what = invocation.arguments.positionals.front();
  if (what == "scaffold") return scaffold(invocation);
  if (what == "validate") return validate(invocation);
  if (what == "plan") return plan(invocation);
  throw Error(ErrorCode::usage,
              fmt::format("`pgpm session metadata` does not know what to do with \"{}\"", what))
      .hint("say scaffold, validate or plan");
}

}  // namespace

Command session_metadata_command() {
  Command command;
  command.group = "Session projects";
  command.summary = "check, list or write the <pgmi-meta> blocks of a project";
  command.description =
      "`scaffold` shows, or with --write puts at the top of each SQL file that has none, a block "
      "with an id made from the file's path; an id stays when the file moves, which is what it is "
      "for. `validate` checks all blocks: exit status 10 with every finding and its place. `plan` "
      "lists the SQL files, each once, in the order of their first sort keys.";
  command.positionals = {{"scaffold|validate|plan", Positional::Count::required, "what to do"},
                         {"PATH", Positional::Count::optional,
                          "the project's folder; default: the working directory"}};
  command.options = {
      {"write", 0, OptionKind::flag, "", "scaffold: change the files"},
      {"idempotent", 0, OptionKind::flag_on, "", "scaffold: say that the files may not run twice"}};
  command.examples = {
      {"pgpm session metadata validate ./shop", "is every block right?"},
      {"pgpm session metadata plan --format json", "the order, for a program to read"},
      {"pgpm session metadata scaffold ./shop --write --no-idempotent", "ids for migrations"},
  };
  command.run = run_session_metadata;
  return command;
}

}  // namespace pgpm::cli
