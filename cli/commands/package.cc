#include <algorithm>

#include <fmt/format.h>

#include "cli/child_program.h"
#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/render/json_values.h"
#include "pgpm/distribution.h"

namespace pgpm::cli {

namespace {

namespace fs = std::filesystem;

const Module& module_called(const Workspace& workspace, const std::string& name) {
  return *workspace.find(name);
}

std::vector<const Module*> chosen(Invocation& invocation, const Workspace& workspace,
                                  ModuleRequest::AtRoot at_root) {
  ModuleRequest request;
  request.at_root = at_root;
  std::vector<const Module*> modules;
  for (const std::string& name : modules_of(invocation, workspace, request))
    modules.push_back(&module_called(workspace, name));
  if (modules.empty())
    for (const Module& module : workspace.modules) modules.push_back(&module);
  return modules;
}

std::vector<std::string> split_at_nul(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\0', at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::string git(const fs::path& dir, std::vector<std::string> words) {
  words.insert(words.begin(), {"git", "-C", dir.string()});
  const ProgramOutput output = run_quietly(words);
  if (output.status != 0)
    throw Error(ErrorCode::other,
                "git cannot tell what has changed: " + output.err.substr(0, output.err.find('\n')));
  return output.out;
}

/// Files that differ from where `since` and now parted, and those git does not know yet.
std::vector<fs::path> changed_files(const Workspace& workspace, const std::string& since) {
  if (since.front() == '-')
    throw Error(ErrorCode::usage, "--since: a reference does not begin with '-'");
  std::string top = git(workspace.root, {"rev-parse", "--show-toplevel"});
  top.erase(top.find_last_not_of('\n') + 1);
  std::string base = git(workspace.root, {"merge-base", since, "HEAD"});
  base.erase(base.find_last_not_of('\n') + 1);
  std::vector<fs::path> files;
  const fs::path root = fs::canonical(top);
  for (const std::string& file :
       split_at_nul(git(root, {"diff", "--name-only", "--no-renames", "-z", base})))
    files.push_back(root / file);
  for (const std::string& file :
       split_at_nul(git(root, {"ls-files", "--others", "--exclude-standard", "-z"})))
    files.push_back(root / file);
  return files;
}

bool is_below(const fs::path& file, const fs::path& dir) {
  const fs::path relative = file.lexically_relative(dir);
  return !relative.empty() && *relative.begin() != "..";
}

std::vector<const Module*> touched_since(const Workspace& workspace,
                                         std::vector<const Module*> modules,
                                         const std::string& since) {
  const std::vector<fs::path> files = changed_files(workspace, since);
  std::erase_if(modules, [&](const Module* module) {
    return std::none_of(files.begin(), files.end(),
                        [&](const fs::path& file) { return is_below(file, module->dir); });
  });
  return modules;
}

int check_packages(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  std::vector<const Module*> modules = chosen(invocation, workspace, ModuleRequest::AtRoot::all);
  if (const auto since = invocation.arguments.given("since"); since && !since->empty())
    modules = touched_since(workspace, std::move(modules), *since);
  Answer answer;
  Json list = Json::array();
  std::size_t drifted = 0;
  const Style& style = invocation.terminal.out;
  for (const Module* module : modules) {
    const PackageState state = check_package(*module);
    Json json{{"module", state.package}, {"in_sync", state.drift.empty()}};
    if (!state.drift.empty()) {
      ++drifted;
      json["drift"] = state.drift;
      json["detail"] = state.detail;
      answer.text += fmt::format("  {} {}: {} ({})\n", style.red("x"), state.package, state.detail,
                                 state.drift);
    }
    list.push_back(json);
    answer.lines.push_back(dump_line(json));
  }
  if (modules.empty())
    answer.text = "No changed modules to check.\n";
  else if (drifted == 0)
    answer.text = fmt::format("{} in sync.\n", count(modules.size(), "module"));
  else
    answer.text +=
        fmt::format("{} out of sync: run `pgpm package` there and commit what it writes.\n",
                    count(drifted, "module"));
  answer.document = dump_document(Json{{"modules", list}, {"drifted", drifted}});
  invocation.reports.answer(answer);
  return drifted == 0 ? 0 : 1;
}

int write_packages(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  std::vector<std::pair<const Module*, PackagedModule>> all;
  for (const Module* module : chosen(invocation, workspace, ModuleRequest::AtRoot::ask)) {
    all.emplace_back(module, package_module(*module));
    if (invocation.arguments.is_off("bundle")) all.back().second.bundle_file.clear();
  }
  write_packages(all);
  Answer answer;
  Json list = Json::array();
  const Style& style = invocation.terminal.out;
  for (const auto& [module, packaged] : all) {
    const std::vector<std::string> files = packaged.files();
    answer.text += fmt::format("Packaged {} {}.\n", packaged.package, style.bold(packaged.version));
    for (const std::string& file : files)
      answer.text += fmt::format("  {} {}\n", style.green("+"), file);
    for (const std::string& file : packaged.stale)
      answer.text += fmt::format("  {} {}\n", style.red("-"), file);
    list.push_back(Json{{"module", packaged.package},
                        {"version", packaged.version},
                        {"files", files},
                        {"removed", packaged.stale}});
  }
  answer.document = dump_document(Json{{"packages", list}});
  invocation.reports.answer(answer);
  return 0;
}

int run_package(Invocation& invocation) {
  const bool check = invocation.arguments.is_on("check");
  if (!check && invocation.arguments.given("since"))
    throw Error(ErrorCode::usage, "--since goes with --check");
  return check ? check_packages(invocation) : write_packages(invocation);
}

}  // namespace

Command package_command() {
  Command command;
  command.group = "Packages";
  command.summary = "write a module as an extension, and as a bundle";
  command.description =
      "Writes sql/NAME--VERSION.sql, which CREATE EXTENSION runs: every deploy script in plan "
      "order, as written, without outer transactions, CREATE EXTENSION and psql guard lines. And "
      "sql/NAME--VERSION.bundle.tar.gz: plan, control file and scripts with their digests. The "
      "version is package.json's; control file and Makefile follow. Files of other versions go, "
      "upgrade scripts (NAME--1.0--1.1.sql) stay.\n\n"
      "--check compares what is packaged with plan and scripts and exits with 1 if they differ.";
  command.positionals = {
      {"MODULE", Positional::Count::any, "modules; default: the one of the working directory"}};
  command.options = with_modules({
      {"check", 0, OptionKind::flag, "", "write nothing: is what is packaged up to date?"},
      {"since", 0, OptionKind::value, "REF",
       "with --check: only modules with files that changed since that commit of git"},
      {"bundle", 0, OptionKind::flag_on, "", "write no bundle"},
  });
  command.examples = {
      {"pgpm package", "the module of the working directory"},
      {"pgpm package --check --workspace --all", "in a pipeline: is all of it up to date?"},
      {"pgpm package --check --since origin/main", "only what this branch touches"},
  };
  command.run = run_package;
  return command;
}

namespace {

std::vector<const Module*> all_or_current(Invocation& invocation, const Workspace& workspace) {
  return chosen(invocation, workspace, ModuleRequest::AtRoot::all);
}

int run_analyze(Invocation& invocation) {
  const Workspace workspace = load_workspace_of(invocation);
  Answer answer;
  Json list = Json::array();
  bool all_ok = true;
  const Style& style = invocation.terminal.out;
  for (const Module* module : all_or_current(invocation, workspace)) {
    const std::vector<ModuleIssue> issues = analyze_module(*module);
    Json found = Json::array();
    answer.text += fmt::format("{} {}\n", issues.empty() ? style.green("OK") : style.red("NOT OK"),
                               module->name);
    for (const ModuleIssue& issue : issues) {
      answer.text += fmt::format("  - [{}] {} ({})\n", issue.code, issue.message, issue.file);
      found.push_back(Json{{"code", issue.code}, {"message", issue.message}, {"file", issue.file}});
    }
    all_ok = all_ok && issues.empty();
    list.push_back(Json{{"module", module->name}, {"ok", issues.empty()}, {"issues", found}});
    answer.lines.push_back(dump_line(list.back()));
  }
  if (list.empty()) answer.text = "There are no modules.\n";
  answer.document = dump_document(Json{{"ok", all_ok}, {"modules", list}});
  invocation.reports.answer(answer);
  return all_ok ? 0 : 1;
}

Json json_of(const VersionState& state) {
  return Json{{"module", state.package},
              {"package_json", state.npm_version},
              {"control", state.control_version},
              {"packaged", state.packaged},
              {"in_sync", state.in_sync()}};
}

int run_sync_versions(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  const bool check = invocation.arguments.is_on("check");
  Answer answer;
  Json list = Json::array();
  std::vector<std::pair<const Module*, PackagedModule>> skewed;
  std::size_t modules = 0;
  for (const Module* module : all_or_current(invocation, workspace)) {
    const VersionState state = version_state(*module);
    ++modules;
    list.push_back(json_of(state));
    answer.lines.push_back(dump_line(list.back()));
    if (state.in_sync()) continue;
    answer.text +=
        fmt::format("  {}: package.json {}, control file {}{}\n", state.package, state.npm_version,
                    state.control_version, state.packaged ? "" : ", not packaged");
    skewed.emplace_back(module, check ? PackagedModule{} : package_module(*module));
  }
  if (!check) write_packages(skewed);
  if (skewed.empty())
    answer.text = fmt::format("{} in sync.\n", count(modules, "module"));
  else
    answer.text += fmt::format("{} {}; {} in sync already.\n", check ? "Would sync" : "Synced",
                               count(skewed.size(), "module"), modules - skewed.size());
  answer.document = dump_document(Json{{"modules", list}, {"synced", check ? 0 : skewed.size()}});
  invocation.reports.answer(answer);
  return check && !skewed.empty() ? 1 : 0;
}

}  // namespace

Command analyze_command() {
  Command command;
  command.group = "Packages";
  command.summary = "look whether the files of a module agree on its name and version";
  command.description =
      "Plan, control file, Makefile, package.json and packaged SQL, each finding with a code. "
      "Exits with 1 if there is one (upstream exits with 0). What is inside of the scripts is "
      "`pgpm check`'s.";
  command.positionals = {{"MODULE", Positional::Count::any,
                          "modules; default: the one of the working directory, or all"}};
  command.options = with_modules({});
  command.examples = {{"pgpm analyze", "the module of the working directory, or all at the root"},
                      {"pgpm analyze billing --format json", "one module, for a program"}};
  command.run = run_analyze;
  return command;
}

Command sync_versions_command() {
  Command command;
  command.group = "Packages";
  command.summary = "package the modules whose version has moved";
  command.description =
      "Where package.json's version is not the control file's, or is not packaged, `pgpm package` "
      "is run: control file, Makefile and sql/ follow package.json.";
  command.positionals = {{"MODULE", Positional::Count::any,
                          "modules; default: the one of the working directory, or all"}};
  command.options = with_modules(
      {{"check", 0, OptionKind::flag, "", "write nothing, exit with 1 if something would be"}});
  command.examples = {{"pgpm sync-versions", "after versions were raised"},
                      {"pgpm sync-versions --check", "in a pipeline"}};
  command.run = run_sync_versions;
  return command;
}

}  // namespace pgpm::cli
