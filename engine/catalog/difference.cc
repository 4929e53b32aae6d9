// Compares two snapshots by merging their sorted objects. Pure: knows nothing of databases.
#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "pgpm/catalog.h"

namespace pgpm {

namespace {

const CatalogFact* find_fact(const CatalogObject& object, const std::string& name) {
  const auto found = std::ranges::find(object.facts, name, &CatalogFact::name);
  return found == object.facts.end() ? nullptr : &*found;
}

ObjectDifference difference_of(const CatalogObject& object, DifferenceKind kind) {
  ObjectDifference result{kind, object.kind, object.identity, object.within, {}};
  for (const CatalogFact& fact : object.facts) {
    if (kind == DifferenceKind::only_in_before)
      result.facts.push_back({fact.name, fact.value, std::nullopt});
    else
      result.facts.push_back({fact.name, std::nullopt, fact.value});
  }
  return result;
}

// Facts in the order of the object before, then those that are only after.
ObjectDifference changed(const CatalogObject& before, const CatalogObject& after) {
  ObjectDifference result{DifferenceKind::changed, after.kind, after.identity, after.within, {}};
  if (before.within != after.within)
    result.facts.push_back({"within", before.within, after.within});
  for (const CatalogFact& fact : before.facts) {
    const CatalogFact* now = find_fact(after, fact.name);
    if (now == nullptr)
      result.facts.push_back({fact.name, fact.value, std::nullopt});
    else if (now->value != fact.value)
      result.facts.push_back({fact.name, fact.value, now->value});
  }
  for (const CatalogFact& fact : after.facts)
    if (find_fact(before, fact.name) == nullptr)
      result.facts.push_back({fact.name, std::nullopt, fact.value});
  return result;
}

bool comes_first(const CatalogObject& one, const CatalogObject& other) {
  return std::tie(one.kind, one.identity) < std::tie(other.kind, other.identity);
}

}  // namespace

const char* difference_kind_name(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::only_in_before:
      return "only_in_before";
    case DifferenceKind::only_in_after:
      return "only_in_after";
    case DifferenceKind::changed:
      return "changed";
  }
  return "";
}

std::vector<ObjectDifference> difference(const CatalogSnapshot& before,
                                         const CatalogSnapshot& after) {
  std::vector<ObjectDifference> differences;
  auto old = before.objects.begin();
  auto now = after.objects.begin();
  while (old != before.objects.end() || now != after.objects.end()) {
    if (now == after.objects.end() || (old != before.objects.end() && comes_first(*old, *now))) {
      differences.push_back(difference_of(*old++, DifferenceKind::only_in_before));
    } else if (old == before.objects.end() || comes_first(*now, *old)) {
      differences.push_back(difference_of(*now++, DifferenceKind::only_in_after));
    } else {
      if (*old != *now) differences.push_back(changed(*old, *now));
      ++old;
      ++now;
    }
  }
  return differences;
}

std::vector<ObjectDifference> without_parts(const std::vector<ObjectDifference>& differences) {
  std::set<std::pair<DifferenceKind, std::string>> wholes;
  for (const ObjectDifference& each : differences)
    if (each.difference != DifferenceKind::changed)
      wholes.emplace(each.difference, each.kind + " " + each.identity);
  std::vector<ObjectDifference> kept;
  for (const ObjectDifference& each : differences)
    if (!wholes.contains({each.difference, each.within})) kept.push_back(each);
  return kept;
}

}  // namespace pgpm
