// A module directory's files put together. The plan is read first: its %project decides which of
// several control files is the module's.
#include "engine/workspace/module_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/text/file.h"
#include "engine/text/path.h"
#include "engine/workspace/control_file.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/module_search.h"
#include "engine/workspace/plan_index.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

void append(std::vector<Diagnostic>& all, std::vector<Diagnostic> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// What is wrong with a file is told with its lines: nobody shall be made to print another's.
bool leaves_module(const fs::path& file) {
  std::error_code error;
  if (!fs::is_symlink(fs::symlink_status(file, error))) return false;
  const fs::path real = fs::canonical(file, error);
  return !error && !is_within(real, file.parent_path());
}

/// The file's text; nullopt and a diagnostic if it cannot be read.
std::optional<std::string> read_text(const fs::path& file, std::vector<Diagnostic>& diagnostics) {
  if (leaves_module(file)) {
    diagnostics.push_back(file_finding(Severity::error, shown_path(file),
                                       "the file is a link that leaves the module",
                                       "put the file itself into the module"));
    return std::nullopt;
  }
  try {
    if (auto text = read_regular_file(file)) return text;
    diagnostics.push_back(
        file_finding(Severity::error, shown_path(file), "the file does not exist"));
  } catch (const Error& error) {
    diagnostics.push_back(file_finding(Severity::error, shown_path(file), error.what()));
  }
  return std::nullopt;
}

/// Of several control files the one that %project names; else the first.
void read_controls(const ModuleDirectory& directory, Module& module,
                   std::vector<Diagnostic>& diagnostics) {
  const auto& files = directory.control_files;
  if (files.empty()) {
    module.name = module.package;
    diagnostics.push_back(file_finding(
        Severity::warning, shown_path(module.dir / (module.name + ".control")),
        "the module has no control file: it requires nothing, and is called by its %project"));
    return;
  }
  const auto named = std::find_if(files.begin(), files.end(), [&](const std::string& file) {
    return control_name(file) == module.package;
  });
  const std::string& chosen = named == files.end() ? files.front() : *named;
  const fs::path file = module.dir / chosen;
  ControlReading reading =
      read_control(shown_path(file), read_text(file, diagnostics).value_or(""));
  module.control = std::move(reading.control);
  module.name = module.control.name;
  append(diagnostics, std::move(reading.diagnostics));
  for (const std::string& other : files) {
    if (other == chosen) continue;
    module.other_names.push_back(control_name(other));
    diagnostics.push_back(
        file_finding(Severity::warning, shown_path(module.dir / other),
                     fmt::format("a second control file: {} is the one that is read", chosen)));
  }
}

}  // namespace

void choose_script_names(Module& module) {
  const Plan& plan = module.plan;
  for (std::size_t i = 0; i < plan.changes.size(); ++i) {
    Change& change = module.plan.changes[i];
    if (!change.superseded) continue;
    const auto instances = index_of(plan).instances(plan, change.name);
    const std::size_t rework = *std::upper_bound(instances.begin(), instances.end(), i);
    const auto tags = index_of(plan).tags_between(plan, i, rework);
    change.script_name = change.name;
    for (auto tag = tags.rbegin(); tag != tags.rend(); ++tag) {
      const std::string name = change.name + "@" + plan.tags[*tag].name;
      if (tag == tags.rbegin()) change.script_name = name;
      std::error_code error;
      if (!fs::is_regular_file(module.script_path(Module::ScriptKind::deploy, name), error))
        continue;
      change.script_name = name;
      break;
    }
  }
}

Module read_module(const ModuleDirectory& directory, std::vector<Diagnostic>& diagnostics) {
  Module module;
  module.dir = directory.dir;
  const fs::path plan_file = module.dir / "pgpm.plan";
  std::optional<std::string> text = read_text(plan_file, diagnostics);
  PlanReading reading = read_plan(shown_path(plan_file), text.value_or(""));
  if (!text) reading.diagnostics.clear();  // of an empty plan, which nobody wrote
  module.plan = std::move(reading.plan);
  module.package = module.plan.project;
  read_controls(directory, module, diagnostics);
  append(diagnostics, std::move(reading.diagnostics));
  try {
    if (const fs::path file = module.dir / "package.json"; !leaves_module(file))
      module.npm_name = read_npm_name(file, diagnostics);
  } catch (const Error& error) {
    diagnostics.push_back(
        file_finding(Severity::warning, shown_path(module.dir / "package.json"), error.what()));
  }
  choose_script_names(module);
  return module;
}

}  // namespace pgpm
