#include "engine/objects/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace pgpm::objects {

namespace {

std::string described(const ManagedObject& object) {
  return fmt::format("{} {}", object_kind_name(object.key.kind), object.shown);
}

class Ordering {
 public:
  Ordering(const std::vector<ManagedObject>& objects, const Requirements& requirements)
      : objects_(objects),
        requirements_(requirements),
        needed_by_(objects.size()),
        unmet_(objects.size()),
        unmet_early_(objects.size()) {
    for (std::size_t i = 0; i < objects.size(); ++i) {
      waiting_.insert(i);
      for (const Requirement& need : requirements[i]) {
        needed_by_[need.object].push_back({i, need.late});
        ++unmet_[i];
        if (!need.late) ++unmet_early_[i];
      }
      sort_in(i);
    }
  }

  CreationOrder run() {
    while (!waiting_.empty()) {
      if (!ready_.empty())
        place(*ready_.begin());
      else if (!ready_without_bodies_.empty())
        place_early(*ready_without_bodies_.begin());
      else
        report_cycle();
    }
    return std::move(order_);
  }

 private:
  void sort_in(std::size_t i) {
    if (!waiting_.contains(i)) return;
    if (unmet_[i] == 0) ready_.insert(i);
    if (unmet_early_[i] == 0) ready_without_bodies_.insert(i);
  }

  void place_early(std::size_t i) {
    order_.before_bodies.insert(i);
    place(i);
  }

  void place(std::size_t i) {
    order_.sequence.push_back(i);
    waiting_.erase(i);
    ready_.erase(i);
    ready_without_bodies_.erase(i);
    for (const Requirement& dependent : needed_by_[i]) {
      --unmet_[dependent.object];
      if (!dependent.late) --unmet_early_[dependent.object];
      sort_in(dependent.object);
    }
  }

  /// Somewhere along what is needed early and waits itself, the way comes back.
  [[noreturn]] void report_cycle() const {
    std::vector<std::size_t> way{*waiting_.begin()};
    std::map<std::size_t, std::size_t> place_in_way;
    while (!place_in_way.contains(way.back())) {
      place_in_way.emplace(way.back(), way.size() - 1);
      for (const Requirement& need : requirements_[way.back()])
        if (!need.late && waiting_.contains(need.object)) {
          way.push_back(need.object);
          break;
        }
    }
    way.erase(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(place_in_way[way.back()]));
    std::string text;
    std::vector<Diagnostic> places;
    for (std::size_t i = 0; i < way.size(); ++i) {
      const ManagedObject& object = objects_[way[i]];
      text += (i == 0 ? "" : " -> ") + described(object);
      if (i + 1 == way.size()) break;
      places.push_back(
          {Severity::error, object.where(),
           fmt::format("{} needs {}", described(object), described(objects_[way[i + 1]])),
           std::string(object.source->line_at(object.offset)), ""});
    }
    throw Error(ErrorCode::configuration, "objects need each other in a circle: " + text)
        .with(std::move(places))
        .hint("A function may name what comes later only in a body that is text (AS '...').");
  }

  const std::vector<ManagedObject>& objects_;
  const Requirements& requirements_;
  std::vector<std::vector<Requirement>> needed_by_;
  std::vector<std::size_t> unmet_, unmet_early_;
  std::set<std::size_t> waiting_, ready_, ready_without_bodies_;
  CreationOrder order_;
};

}  // namespace

CreationOrder order_objects(const std::vector<ManagedObject>& objects,
                            const Requirements& requirements) {
  return Ordering(objects, requirements).run();
}

}  // namespace pgpm::objects
