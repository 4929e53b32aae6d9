// References within one plan. The surprising rule is Sqitch's: f@v1 is the newest instance of f at
// or before the tag.
#include "engine/workspace/own_reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/nearest.h"
#include "engine/workspace/plan_index.h"

namespace pgpm {
namespace {

constexpr std::size_t longest_sought = 500;  // a distance costs the square of the length

using Instances = std::span<const std::uint32_t>;

std::optional<std::size_t> newest_before(Instances instances, std::size_t limit) {
  const auto after = std::lower_bound(instances.begin(), instances.end(), limit);
  if (after == instances.begin()) return std::nullopt;
  return *std::prev(after);
}

template <typename Entry>
std::string did_you_mean(std::string_view name, const std::vector<Entry>& entries,
                         std::string_view mark, NearestBudget& budget) {
  if (name.size() > longest_sought || budget.searches-- <= 0) return {};
  std::vector<std::string> names;
  names.reserve(entries.size());
  for (const Entry& entry : entries) names.push_back(entry.name);
  const std::string nearest = nearest_name(name, names);
  return nearest.empty() ? std::string() : fmt::format("did you mean \"{}{}\"?", mark, nearest);
}

OwnReference unknown_change(const Plan& plan, const std::string& name, NearestBudget& budget) {
  std::string hint = did_you_mean(name, plan.changes, "", budget);
  if (name.find(',') != std::string::npos)
    hint = "changes in the list are separated by blanks, not by commas";
  return {std::nullopt, fmt::format("unknown change \"{}\"", name), hint};
}

OwnReference unknown_tag(const Plan& plan, const std::string& name, NearestBudget& budget) {
  return {std::nullopt, fmt::format("unknown tag \"@{}\"", name),
          did_you_mean(name, plan.tags, "@", budget)};
}

OwnReference find_at_tag(const Plan& plan, const ChangeRef& ref, NearestBudget& budget) {
  const PlanIndex& index = index_of(plan);
  std::size_t limit = ref.tag == "HEAD" ? plan.changes.size() : 1;
  if (ref.tag != "HEAD" && ref.tag != "ROOT") {
    const auto tag = index.tag(plan, ref.tag);
    if (!tag) return unknown_tag(plan, ref.tag, budget);
    if (ref.change.empty()) return {plan.tags[*tag].change, {}, {}};
    limit = plan.tags[*tag].change + 1;
  }
  const Instances instances = index.instances(plan, ref.change);
  if (instances.empty()) return unknown_change(plan, ref.change, budget);
  const auto found = newest_before(instances, limit);
  if (found) return {found, {}, {}};
  return {std::nullopt,
          fmt::format("change \"{}\" does not exist yet at \"@{}\"", ref.change, ref.tag),
          fmt::format("it is planned in line {}", plan.changes[instances.front()].line)};
}

OwnReference find_base(const Plan& plan, const ChangeRef& ref, NearestBudget& budget) {
  if (ref.change == "HEAD" || ref.change == "ROOT") {
    if (plan.changes.empty()) return {std::nullopt, "the plan has no changes", ""};
    return {ref.change == "HEAD" ? plan.changes.size() - 1 : 0, {}, {}};
  }
  if (!ref.id.empty()) {
    const auto found = index_of(plan).change_with_id(plan, ref.id);
    if (found) return {found, {}, {}};
    return {std::nullopt, fmt::format("no change of this plan has the id {}", ref.id),
            "name the change instead: an id changes with every edit of the lines above it"};
  }
  if (!ref.tag.empty()) return find_at_tag(plan, ref, budget);
  const Instances instances = index_of(plan).instances(plan, ref.change);
  if (instances.empty()) return unknown_change(plan, ref.change, budget);
  return {instances.back(), {}, {}};
}

OwnReference move_by(const Plan& plan, const ChangeRef& ref, OwnReference base) {
  if (!base.change || ref.offset == 0) return base;
  const long target = static_cast<long>(*base.change) + ref.offset;
  if (target >= 0 && target < static_cast<long>(plan.changes.size()))
    return {static_cast<std::size_t>(target), {}, {}};
  return {std::nullopt,
          fmt::format("\"{}\" is {} the plan's {} change", ref.to_string(),
                      target < 0 ? "before" : "after", target < 0 ? "first" : "last"),
          ""};
}

bool is_bare_name(const ChangeRef& ref) {
  return ref.tag.empty() && ref.id.empty() && ref.change != "HEAD" && ref.change != "ROOT";
}

OwnReference find_seen_from(const Plan& plan, const ChangeRef& ref, std::size_t at,
                            NearestBudget& budget) {
  if (is_bare_name(ref)) {
    const auto former = newest_before(index_of(plan).instances(plan, ref.change), at);
    if (former) return move_by(plan, ref, {former, {}, {}});
  }
  return find_reference(plan, ref, budget);
}

}  // namespace

OwnReference find_reference(const Plan& plan, const ChangeRef& ref, NearestBudget& budget) {
  return move_by(plan, ref, find_base(plan, ref, budget));
}

OwnReference required_change(const Plan& plan, const ChangeRef& ref, std::size_t at,
                             NearestBudget& budget) {
  OwnReference found = find_seen_from(plan, ref, at, budget);
  if (!found.change || *found.change < at) return found;
  const Change& required = plan.changes[*found.change];
  if (*found.change == at)
    return {std::nullopt, fmt::format("change \"{}\" requires itself", required.name), ""};
  return {std::nullopt,
          fmt::format("change \"{}\" requires \"{}\", which comes later in the plan (line {})",
                      plan.changes[at].name, required.name, required.line),
          fmt::format("move line {} above line {}", required.line, plan.changes[at].line)};
}

std::optional<std::size_t> conflicting_change(const Plan& plan, const ChangeRef& ref,
                                              std::size_t at) {
  NearestBudget none{0};
  return find_seen_from(plan, ref, at, none).change;
}

}  // namespace pgpm
