#include <fmt/format.h>

#include "engine/workspace/plan_writer.h"

#include "engine/text/file.h"
#include "pgpm/authoring.h"

namespace pgpm {
namespace {

std::size_t change_to_tag(const Plan& plan, const std::string& change) {
  if (plan.changes.empty())
    throw Error(ErrorCode::configuration, "the plan has no change to tag").at({plan.file, 0, 0});
  if (change.empty()) return plan.changes.size() - 1;
  const auto ref = ChangeRef::parse(change);
  if (!ref)
    throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no change reference", change));
  return plan.resolve(*ref, Plan::Ambiguity::refuse);
}

}  // namespace

std::string add_tag(const Module& module, const std::string& tag, const std::string& change,
                    const std::string& note, const Authorship& by) {
  if (const std::string problem = tag_name_problem(tag); !problem.empty())
    throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no tag name: {}", tag, problem))
        .hint(tag.starts_with('@') ? "write it without the '@'" : "");
  // Read again: the file may have changed since the workspace was loaded, and what is written is
  // the whole file.
  const Plan plan = read_plan_file(shown_path(module.plan_path()));
  if (const Tag* taken = plan.find_tag(tag))
    throw Error(ErrorCode::configuration,
                fmt::format("tag \"@{}\" is there already, on change \"{}\"", tag,
                            plan.changes[taken->change].name))
        .at({plan.file, taken->line, 0});
  const std::size_t index = change_to_tag(plan, change);
  write_plan_file(plan.file, with_tag_line(plan, index, "@" + tag + " " + authored(by, note)));
  return plan.changes[index].name;
}

}  // namespace pgpm
