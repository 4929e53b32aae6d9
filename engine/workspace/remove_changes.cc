// Taking changes out of a plan: plan and scripts go together. Should the program be killed on the
// way, the plan was first: a script without a plan line is rubbish, a plan line without a script is
// a broken module.
#include <fmt/format.h>

#include <set>

#include "engine/text/file.h"
#include "engine/text/file_changes.h"
#include "engine/text/path.h"
#include "engine/workspace/plan_writer.h"
#include "pgpm/authoring.h"

namespace pgpm {
namespace {

std::size_t first_to_go(const Plan& plan, const std::string& from) {
  if (from.empty()) return 0;
  const auto ref = ChangeRef::parse(from);
  if (!ref)
    throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no change reference", from))
        .hint("write change, @tag or change@tag");
  return plan.resolve(*ref);  // of a reworked change the newest: the one that was planned last
}

bool means_a_change(const Plan& plan, const ChangeRef& ref) {
  try {
    plan.resolve(ref);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// Plan lines of other modules that name a change which is to go, and would mean nothing then.
std::vector<Diagnostic> dependants(const Workspace& workspace, const Module& module,
                                   const Plan& remaining) {
  std::vector<Diagnostic> found;
  for (const Module& other : workspace.modules) {
    if (other.dir == module.dir) continue;
    for (const Change& change : other.plan.changes)
      for (const Dependency& dependency : change.dependencies) {
        const bool ours = dependency.kind == Dependency::Kind::requires_change &&
                          module.is_called(dependency.ref.module);
        if (!ours || !means_a_change(module.plan, dependency.ref) ||
            means_a_change(remaining, dependency.ref))
          continue;
        found.push_back(
            {Severity::error,
             {other.plan.file, change.line, dependency.column},
             fmt::format("{}:{} requires {}", other.package, change.name, dependency.text),
             {},
             {}});
      }
  }
  return found;
}

void add_scripts(const Module& module, std::size_t first, Removal& removal) {
  const auto exists = [&](const std::string& file) {
    std::error_code error;
    const auto status = std::filesystem::symlink_status(module.dir / file, error);
    return std::filesystem::exists(status) && !std::filesystem::is_directory(status);
  };
  std::set<std::string> seen;
  for (std::size_t index = first; index < module.plan.changes.size(); ++index) {
    const Change& change = module.plan.changes[index];
    for (const auto kind : Module::script_kinds) {
      const std::string file = module.relative_script(kind, change.script_name);
      if (exists(file) && seen.insert(file).second) removal.deleted.push_back(file);
    }
  }
  for (std::size_t index = 0; index < first; ++index) {
    const Change& stays = module.plan.changes[index];
    const auto newest = module.plan.find_change(stays.name);
    bool reworked_before = false;  // by a change that stays, too
    for (std::size_t later = index + 1; later < first; ++later)
      reworked_before = reworked_before || module.plan.changes[later].name == stays.name;
    if (!newest || *newest < first || reworked_before) continue;
    for (const auto kind : Module::script_kinds) {
      const std::string file = module.relative_script(kind, stays.script_name);
      if (exists(file))
        removal.renamed.emplace_back(file, module.relative_script(kind, stays.name));
    }
  }
}

bool is_script_folder(const Module& module, const std::filesystem::path& dir) {
  for (const auto kind : Module::script_kinds)
    for (const auto instance : {Module::Instance::newest, Module::Instance::superseded})
      if (dir.lexically_normal() == module.script_folder(kind, instance).lexically_normal())
        return true;
  return false;
}

/// Folders that are empty now were there for the script; the first one that is not ends the climb.
void remove_empty_folders(const std::filesystem::path& script, const Module& module) {
  std::error_code error;
  for (auto dir = script.parent_path(); !is_script_folder(module, dir); dir = dir.parent_path())
    if (!std::filesystem::remove(dir, error) || error) break;
}

/// What lies behind a linked folder is somebody else's.
void require_own_folder(const Module& module, const std::string& file) {
  std::error_code error;
  const auto folder = std::filesystem::weakly_canonical((module.dir / file).parent_path(), error);
  if (error || !is_within(folder, std::filesystem::canonical(module.dir)))
    throw Error(ErrorCode::configuration,
                fmt::format("{} is in a folder outside of the module", file));
}

}  // namespace

Removal plan_removal(const Workspace& workspace, const Module& module, const std::string& from) {
  const Plan& plan = module.plan;
  const std::size_t first = first_to_go(plan, from);
  Removal removal;
  removal.plan_text = without_changes(plan, first);
  const PlanReading remaining = read_plan(plan.file, removal.plan_text);
  if (auto needed = dependants(workspace, module, remaining.plan); !needed.empty())
    throw Error(ErrorCode::refused, "other modules need what would go")
        .with(std::move(needed))
        .leaving("nothing was changed");
  for (std::size_t index = first; index < plan.changes.size(); ++index)
    removal.changes.push_back(plan.changes[index].name);
  for (const Tag& tag : plan.tags)
    if (tag.change >= first && !plan.changes.empty()) removal.tags.push_back(tag.name);
  add_scripts(module, first, removal);
  return removal;
}

void remove_changes(const Module& module, const Removal& removal) {
  for (const std::string& file : removal.deleted) require_own_folder(module, file);
  for (const auto& [from, to] : removal.renamed) require_own_folder(module, to);
  FileChanges changes;
  changes.remember(module.plan_path());
  write_plan_file(shown_path(module.plan_path()), removal.plan_text);
  for (const std::string& file : removal.deleted) changes.remove(module.dir / file);
  for (const auto& [from, to] : removal.renamed) changes.move(module.dir / from, module.dir / to);
  changes.keep();
  for (const std::string& file : removal.deleted) remove_empty_folders(module.dir / file, module);
}

}  // namespace pgpm
