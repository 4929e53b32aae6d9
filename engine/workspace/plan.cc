// The questions a Plan answers. All of them go through the plan's index; none reads disk.
#include "pgpm/plan.h"

#include <fmt/format.h>

#include "engine/workspace/own_reference.h"
#include "engine/workspace/plan_index.h"

namespace pgpm {
namespace {

bool is_ambiguous(const ChangeRef& ref, std::span<const std::uint32_t> instances) {
  return instances.size() > 1 && ref.tag.empty() && ref.id.empty();
}

std::string instance_choices(const Plan& plan, const std::string& name,
                             std::span<const std::uint32_t> instances) {
  std::string choices;
  for (std::size_t i = 0; i + 1 < instances.size(); ++i) {
    const auto tags = index_of(plan).tags_between(plan, instances[i], instances[i + 1]);
    if (!tags.empty()) choices += fmt::format("{}@{}, ", name, plan.tags[tags.front()].name);
  }
  return choices + name + "@HEAD";
}

}  // namespace

const Tag* Plan::find_tag(std::string_view name) const {
  const auto found = index_of(*this).tag(*this, name);
  return found ? &tags[*found] : nullptr;
}

std::optional<std::size_t> Plan::find_change(std::string_view name) const {
  const auto instances = index_of(*this).instances(*this, name);
  if (instances.empty()) return std::nullopt;
  return instances.back();
}

std::size_t Plan::resolve(const ChangeRef& ref, Ambiguity ambiguity) const {
  if (ambiguity == Ambiguity::refuse) {
    const auto instances = index_of(*this).instances(*this, ref.change);
    if (is_ambiguous(ref, instances))
      throw Error(ErrorCode::configuration,
                  fmt::format("\"{}\" is ambiguous: it was reworked", ref.to_string()))
          .hint("say which one: " + instance_choices(*this, ref.change, instances));
  }
  NearestBudget budget;
  const OwnReference found = find_reference(*this, ref, budget);
  if (found.change) return *found.change;
  const std::string where = project.empty() ? std::string() : fmt::format(" (module {})", project);
  throw Error(ErrorCode::configuration, found.message + where)
      .at(SourceLocation{file, 0, 0})
      .hint(found.hint);
}

std::vector<std::string> Plan::tags_of(std::size_t change) const {
  std::vector<std::string> names;
  for (const std::uint32_t tag : index_of(*this).tags_between(*this, change, change + 1))
    names.push_back(tags[tag].name);
  return names;
}

}  // namespace pgpm
