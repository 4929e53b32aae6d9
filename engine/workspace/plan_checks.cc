// What only the whole plan can tell. A name may come again if a tag stands on one of the changes
// between: a rework.
#include "engine/workspace/plan_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "engine/workspace/own_reference.h"
#include "engine/workspace/plan_index.h"

namespace pgpm {
namespace {

constexpr std::size_t short_list = 16;

class PlanChecks {
 public:
  PlanChecks(Plan& plan, Findings& findings) : plan_(plan), findings_(findings) {}

  void check(const std::vector<TagPlace>& places) {
    place_tags(places);
    check_tags();
    check_reworks();
    for (std::size_t i = 0; i < plan_.changes.size(); ++i) check_dependencies(i);
  }

 private:
  void place_tags(const std::vector<TagPlace>& places) {
    if (places.empty()) return;
    const PlanIndex index(plan_);  // of its own: the tags' changes are what is being filled in
    for (const TagPlace& place : places) {
      const auto instances = index.instances(plan_, place.change);
      Tag& tag = plan_.tags[place.tag];
      if (instances.empty()) {
        const OwnReference unknown =
            find_reference(plan_, ChangeRef{"", place.change, "", "", 0}, budget_);
        findings_.add(
            Severity::error, tag.line, place.column,
            fmt::format("tag \"@{}\" names an unknown change \"{}\"", tag.name, place.change),
            unknown.hint);
        continue;
      }
      // The newest one above the line; upstream also takes one that comes later.
      const auto later = std::lower_bound(instances.begin(), instances.end(), place.changes_before);
      tag.change = later == instances.begin() ? *later : *std::prev(later);
    }
    plan_.index.reset();
  }

  void check_tags() {
    const PlanIndex& index = index_of(plan_);
    for (std::size_t i = 0; i < plan_.tags.size(); ++i) {
      const Tag& tag = plan_.tags[i];
      const std::size_t first = *index.tag(plan_, tag.name);
      if (first != i)
        findings_.add(Severity::error, tag.line, 1,
                      fmt::format("tag \"@{}\" is there already, in line {}", tag.name,
                                  plan_.tags[first].line),
                      "a tag names one change of the plan");
    }
  }

  void check_reworks() {
    const PlanIndex& index = index_of(plan_);
    for (std::size_t i = 0; i < plan_.changes.size(); ++i) {
      Change& change = plan_.changes[i];
      const auto instances = index.instances(plan_, change.name);
      if (instances.size() > 1 && instances.front() == i) check_instances(instances);
      change.superseded = instances.back() != i;
      plan_.has_reworks = plan_.has_reworks || change.superseded;
      if (!change.superseded) change.script_name = change.name;
    }
  }

  void check_instances(std::span<const std::uint32_t> instances) {
    for (std::size_t i = 1; i < instances.size(); ++i) {
      if (!index_of(plan_).tags_between(plan_, instances[i - 1], instances[i]).empty()) continue;
      const Change& change = plan_.changes[instances[i]];
      findings_.add(Severity::error, change.line, 1,
                    fmt::format("change \"{}\" is there already, in line {}", change.name,
                                plan_.changes[instances[i - 1]].line),
                    "a name can come again (a rework) only after a tag");
    }
  }

  void check_dependencies(std::size_t at) {
    const Change& change = plan_.changes[at];
    if (change.dependencies.size() > 1) check_repetitions(change);
    for (const Dependency& dependency : change.dependencies) {
      const std::string& module = dependency.ref.module;
      const bool own = module.empty() || module == plan_.project;
      if (!own || dependency.kind == Dependency::Kind::conflicts) continue;
      OwnReference found = required_change(plan_, dependency.ref, at, budget_);
      if (!found.change)
        findings_.add(Severity::error, change.line, dependency.column, std::move(found.message),
                      std::move(found.hint));
    }
  }

  void check_repetitions(const Change& change) {
    spellings_.clear();
    for (const Dependency& dependency : change.dependencies) {
      const Dependency* earlier = same_spelling(change, dependency);
      if (earlier == nullptr) continue;
      if (earlier->kind == dependency.kind)
        findings_.add(Severity::warning, change.line, dependency.column,
                      fmt::format("\"{}\" is in the list twice", dependency.text));
      else
        findings_.add(Severity::error, change.line, dependency.column,
                      fmt::format("\"{}\" is both required and in conflict", dependency.text));
    }
  }

  /// The first entry of the list that is written like this one; nullptr if that is this one. Usual
  /// lists are so short that comparing is cheaper than hashing.
  const Dependency* same_spelling(const Change& change, const Dependency& dependency) {
    const Dependency* found = &dependency;
    if (change.dependencies.size() > short_list) {
      found = spellings_.emplace(dependency.text, &dependency).first->second;
    } else {
      for (const Dependency* other = change.dependencies.data(); other != &dependency; ++other)
        if (other->text == dependency.text) return other;
    }
    return found == &dependency ? nullptr : found;
  }

  Plan& plan_;
  Findings& findings_;
  NearestBudget budget_;
  std::unordered_map<std::string_view, const Dependency*> spellings_;  // of one change's list
};

}  // namespace

void check_plan(Plan& plan, const std::vector<TagPlace>& places, Findings& findings) {
  PlanChecks(plan, findings).check(places);
}

}  // namespace pgpm
