// The plan's look-up tables. One pass numbers the names, a counting sort groups the instances of
// each.
#include "engine/workspace/plan_index.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "engine/workspace/sqitch_id.h"

namespace pgpm {
namespace {

std::uint32_t hash_of(std::string_view name) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>()(name));
}

}  // namespace

PlanIndex::Slots PlanIndex::empty_slots(std::size_t entries) {
  std::size_t size = 8;
  while (size < entries * 2) size *= 2;
  return Slots(size);
}

/// The slot that holds `name`, or the free one where it belongs. `name_of` maps a stored number to
/// its name.
template <typename NameOf>
std::size_t PlanIndex::find_slot(const Slots& slots, std::string_view name, std::uint32_t hash,
                                 NameOf name_of) {
  std::size_t at = hash & (slots.size() - 1);
  while (slots[at].number != 0 && (slots[at].hash != hash || name_of(slots[at].number - 1) != name))
    at = (at + 1) & (slots.size() - 1);
  return at;
}

PlanIndex::PlanIndex(const Plan& plan) : changes_(plan.changes.size()), tags_(plan.tags.size()) {
  group_changes(plan);
  index_tags(plan);
}

void PlanIndex::group_changes(const Plan& plan) {
  change_slots_ = empty_slots(changes_);
  std::vector<std::uint32_t> group_of(changes_), first;
  for (std::uint32_t i = 0; i < changes_; ++i) {
    const std::string& name = plan.changes[i].name;
    const std::uint32_t hash = hash_of(name);
    Slot& slot = change_slots_[find_slot(change_slots_, name, hash, [&](std::uint32_t group) {
      return std::string_view(plan.changes[first[group]].name);
    })];
    if (slot.number == 0) {
      first.push_back(i);
      groups_.push_back(Group{});
      slot = {hash, static_cast<std::uint32_t>(first.size())};
    }
    group_of[i] = slot.number - 1;
    ++groups_[group_of[i]].end;
  }
  std::uint32_t total = 0;
  for (Group& group : groups_) {
    group.begin = total;
    total += group.end;
    group.end = group.begin;
  }
  grouped_.resize(changes_);
  for (std::uint32_t i = 0; i < changes_; ++i) grouped_[groups_[group_of[i]].end++] = i;
}

void PlanIndex::index_tags(const Plan& plan) {
  tag_slots_ = empty_slots(tags_);
  for (std::uint32_t i = 0; i < tags_; ++i) {
    const std::uint32_t hash = hash_of(plan.tags[i].name);
    Slot& slot = tag_slots_[find_slot(tag_slots_, plan.tags[i].name, hash, [&](std::uint32_t tag) {
      return std::string_view(plan.tags[tag].name);
    })];
    if (slot.number == 0) slot = {hash, i + 1};  // of equal names the first counts
  }
  tags_by_change_.resize(tags_);
  std::iota(tags_by_change_.begin(), tags_by_change_.end(), 0U);
  std::stable_sort(
      tags_by_change_.begin(), tags_by_change_.end(),
      [&](std::uint32_t a, std::uint32_t b) { return plan.tags[a].change < plan.tags[b].change; });
}

std::span<const std::uint32_t> PlanIndex::instances(const Plan& plan, std::string_view name) const {
  const std::size_t slot = find_slot(change_slots_, name, hash_of(name), [&](std::uint32_t group) {
    return std::string_view(plan.changes[grouped_[groups_[group].begin]].name);
  });
  if (change_slots_[slot].number == 0) return {};
  const Group& group = groups_[change_slots_[slot].number - 1];
  return std::span(grouped_).subspan(group.begin, group.end - group.begin);
}

std::optional<std::size_t> PlanIndex::tag(const Plan& plan, std::string_view name) const {
  const std::size_t slot = find_slot(tag_slots_, name, hash_of(name), [&](std::uint32_t tag) {
    return std::string_view(plan.tags[tag].name);
  });
  if (tag_slots_[slot].number == 0) return std::nullopt;
  return tag_slots_[slot].number - 1;
}

std::span<const std::uint32_t> PlanIndex::tags_between(const Plan& plan, std::size_t first,
                                                       std::size_t last) const {
  const auto before = [&](std::uint32_t tag, std::size_t change) {
    return plan.tags[tag].change < change;
  };
  const auto begin =
      std::lower_bound(tags_by_change_.begin(), tags_by_change_.end(), first, before);
  const auto end = std::lower_bound(begin, tags_by_change_.end(), last, before);
  return {begin, end};
}

std::optional<std::size_t> PlanIndex::change_with_id(const Plan& plan,
                                                     const std::string& id) const {
  std::call_once(ids_computed_, [&] {
    const std::vector<std::string> ids = sqitch_change_ids(plan);
    for (std::size_t i = 0; i < ids.size(); ++i) ids_.emplace(ids[i], i);
  });
  const auto found = ids_.find(id);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

const PlanIndex& index_of(const Plan& plan) {
  if (!plan.index || !plan.index->fits(plan)) plan.index = std::make_shared<const PlanIndex>(plan);
  return *plan.index;
}

}  // namespace pgpm
