// Look-ups by name in a plan, in constant time for plans of any size. It stores numbers only and
// compares names through the plan, so it stays right when the plan is copied or moved; the plan
// rebuilds it when it has grown.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pgpm/plan.h"

namespace pgpm {

class PlanIndex {
 public:
  explicit PlanIndex(const Plan& plan);

  bool fits(const Plan& plan) const {
    return plan.changes.size() == changes_ && plan.tags.size() == tags_;
  }
  /// Every instance of that change name, in plan order.
  std::span<const std::uint32_t> instances(const Plan& plan, std::string_view name) const;
  std::optional<std::size_t> tag(const Plan& plan, std::string_view name) const;
  /// Tags (indices) on the changes [first, last), by change, then in plan order.
  std::span<const std::uint32_t> tags_between(const Plan& plan, std::size_t first,
                                              std::size_t last) const;
  /// By Sqitch id. The ids are computed when first asked for: most plans never need them.
  std::optional<std::size_t> change_with_id(const Plan& plan, const std::string& id) const;

 private:
  struct Group {
    std::uint32_t begin = 0, end = 0;  // in grouped_
  };
  struct Slot {
    std::uint32_t hash = 0;    // so that a name is looked at only if it is very likely the one
    std::uint32_t number = 0;  // of a group or tag, plus 1; 0 = free
  };
  using Slots = std::vector<Slot>;  // open addressing, at most half full
  static Slots empty_slots(std::size_t entries);
  template <typename NameOf>
  static std::size_t find_slot(const Slots& slots, std::string_view name, std::uint32_t hash,
                               NameOf name_of);

  void group_changes(const Plan& plan);
  void index_tags(const Plan& plan);

  std::size_t changes_ = 0, tags_ = 0;
  Slots change_slots_, tag_slots_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> grouped_;         // change indices, those of one name together
  std::vector<std::uint32_t> tags_by_change_;  // tag indices
  mutable std::once_flag ids_computed_;
  mutable std::unordered_map<std::string, std::size_t> ids_;
};

/// The plan's index, built or rebuilt if need be.
const PlanIndex& index_of(const Plan& plan);

}  // namespace pgpm
