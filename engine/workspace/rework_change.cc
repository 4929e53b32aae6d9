// rework_change: the copies are new files, the plan is written last, and whatever fails on the way
// leaves the module as it was.
#include <fmt/format.h>

#include "engine/text/file.h"
#include "engine/text/file_changes.h"
#include "engine/text/new_files.h"
#include "engine/workspace/change_line.h"
#include "engine/workspace/own_reference.h"
#include "engine/workspace/plan_writer.h"
#include "pgpm/authoring.h"

namespace pgpm {
namespace {

std::size_t change_to_rework(const Plan& plan, const std::string& name) {
  if (const auto index = plan.find_change(name)) return *index;
  ChangeRef ref;
  ref.change = name;
  NearestBudget budget;
  const OwnReference found = find_reference(plan, ref, budget);
  throw Error(ErrorCode::configuration, found.message.empty() ? "unknown change" : found.message)
      .hint(found.hint.empty() ? "a change that is not planned yet: pgpm add " + name : found.hint);
}

/// The plan's last tag, if it stands at the change or behind it.
const Tag& closing_tag(const Plan& plan, std::size_t change) {
  const Tag* last = nullptr;
  for (const Tag& tag : plan.tags)
    if (last == nullptr || tag.change >= last->change) last = &tag;
  if (last != nullptr && last->change >= change) return *last;
  throw Error(ErrorCode::configuration,
              fmt::format("\"{}\" cannot be reworked: no tag stands at it or behind it",
                          plan.changes[change].name))
      .at({plan.file, plan.changes[change].line, 0})
      .hint(
          "while it is not released, edit its scripts; else close the release first: pgpm tag "
          "NAME");
}

}  // namespace

std::vector<std::string> rework_change(const Workspace& workspace, const Module& module,
                                       const NewChange& change, const Authorship& by) {
  const Plan plan = read_plan_file(shown_path(module.plan_path()));
  const std::size_t index = change_to_rework(plan, change.name);
  const std::string former = change.name + "@" + closing_tag(plan, index).name;
  NewChange reworked = change;
  if (reworked.note.empty()) reworked.note = "rework " + change.name;
  const ChangeLine line = new_change_line(workspace, module, plan, reworked, by, {former});
  const std::string text = with_change_line(plan, line.text);

  const auto deploy_path = module.script_path(Module::ScriptKind::deploy, change.name);
  const auto deploy = read_regular_file(deploy_path);
  if (!deploy)
    throw Error(ErrorCode::script_missing,
                fmt::format("{} does not exist", shown_path(deploy_path)));
  NewFiles copies(module.dir);
  for (const auto kind : Module::script_kinds) copies.check(module.relative_script(kind, former));
  for (const auto kind : Module::script_kinds)
    if (const auto script = read_regular_file(module.script_path(kind, change.name)))
      copies.write(module.relative_script(kind, former), *script);
  const std::string revert_file = module.relative_script(Module::ScriptKind::revert, change.name);
  NewFiles(module.dir).check(revert_file);
  FileChanges changes;
  changes.write(module.dir / revert_file, *deploy);
  write_plan_file(plan.file, text);
  changes.keep();
  std::vector<std::string> written = copies.keep();
  written.push_back(revert_file);
  written.push_back(module.layout.plan);
  return written;
}

}  // namespace pgpm
