#include "engine/catalog/catalog_tally.h"

#include <algorithm>
#include <set>
#include <utility>

namespace pgpm::catalog {

namespace {

long rows_of(const CatalogTally& tally) {
  long rows = 0;
  for (const Tally& each : tally) rows += each.rows;
  return rows;
}

long rows_of(const CatalogTally& tally, const RowOwner& owner) {
  const auto found = std::ranges::lower_bound(tally, owner, {}, &Tally::owner);
  return found != tally.end() && found->owner == owner ? found->rows : 0;
}

bool has(const Tallies& tallies, const RowOwner& owner) {
  return std::ranges::any_of(tallies,
                             [&](const auto& tally) { return rows_of(*tally, owner) > 0; });
}

/// With what the owners in `changes` have instead; 0 rows: none.
CatalogTally with(const CatalogTally& tally, const CatalogTally& changes) {
  CatalogTally result;
  result.reserve(tally.size() + changes.size());
  auto change = changes.begin();
  for (const Tally& each : tally) {
    for (; change != changes.end() && change->owner < each.owner; ++change)
      if (change->rows > 0) result.push_back(*change);
    const bool changed = change != changes.end() && change->owner == each.owner;
    if (!changed) result.push_back(each);
    if (changed && change->rows > 0) result.push_back(*change);
    if (changed) ++change;
  }
  for (; change != changes.end(); ++change)
    if (change->rows > 0) result.push_back(*change);
  return result;
}

bool is_of_nobody(const CatalogTally& tally) {
  return tally.empty() || (tally.size() == 1 && tally.front().owner == RowOwner{});
}

}  // namespace

CatalogTally tally_of(std::vector<RowOwner> owners) {
  std::ranges::sort(owners);
  CatalogTally tally;
  for (const RowOwner& owner : owners) {
    if (tally.empty() || tally.back().owner != owner) tally.push_back({owner, 0});
    ++tally.back().rows;
  }
  return tally;
}

TallyUpdate::TallyUpdate(const Tallies& base,
                         const std::vector<std::optional<CatalogCount>>& counts)
    : base_(base), now_(base), fresh_(counts.size()), lost_(counts.size(), 0) {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!counts[i]) continue;
    const CatalogCount& count = *counts[i];
    const long before = rows_of(*base[i]);
    if (count.fresh.empty() && count.rows == before) continue;
    fresh_[i] = tally_of(count.fresh);
    // A new row that was there at the earlier look already makes this too high, never too low.
    lost_[i] = before + static_cast<long>(count.fresh.size()) - count.rows;
    if (is_of_nobody(*base[i]) && is_of_nobody(fresh_[i])) {
      replace(i, count.rows == 0 ? CatalogTally{} : CatalogTally{{RowOwner{}, count.rows}});
    } else if (lost_[i] == 0) {
      CatalogTally grown = fresh_[i];
      for (Tally& each : grown) each.rows += rows_of(*base[i], each.owner);
      replace(i, with(*base[i], grown));
    }
  }
}

void TallyUpdate::replace(std::size_t catalog, CatalogTally now) {
  now_[catalog] = std::make_shared<const CatalogTally>(std::move(now));
  lost_[catalog] = 0;
}

std::vector<std::size_t> TallyUpdate::unexplained() const {
  std::vector<std::size_t> catalogs;
  for (std::size_t i = 0; i < lost_.size(); ++i)
    if (lost_[i] != 0) catalogs.push_back(i);
  return catalogs;
}

std::vector<RowOwner> TallyUpdate::fresh_owners() const {
  std::set<RowOwner> owners;
  for (const CatalogTally& tally : fresh_)
    for (const Tally& each : tally) owners.insert(each.owner);
  return {owners.begin(), owners.end()};
}

void TallyUpdate::explain(std::size_t catalog, const std::vector<RowOwner>& candidates,
                          const CatalogTally& now) {
  CatalogTally changes;
  long lost = 0;
  for (const RowOwner& owner : candidates) {
    const Tally change{owner, rows_of(now, owner)};
    lost += rows_of(*base_[catalog], owner) + rows_of(fresh_[catalog], owner) - change.rows;
    changes.push_back(change);
  }
  if (lost == lost_[catalog]) replace(catalog, with(*base_[catalog], changes));
}

void TallyUpdate::recount(std::size_t catalog, CatalogTally now) {
  replace(catalog, std::move(now));
}

std::vector<MovedOwner> TallyUpdate::moved() const {
  std::set<RowOwner> owners;
  for (std::size_t i = 0; i < now_.size(); ++i) {
    for (const Tally& each : fresh_[i]) owners.insert(each.owner);
    if (now_[i] == base_[i]) continue;
    CatalogTally differing;
    std::ranges::set_symmetric_difference(*base_[i], *now_[i], std::back_inserter(differing),
                                          [](const Tally& one, const Tally& other) {
                                            return std::pair(one.owner, one.rows) <
                                                   std::pair(other.owner, other.rows);
                                          });
    for (const Tally& each : differing) owners.insert(each.owner);
  }
  std::vector<MovedOwner> moved;
  for (const RowOwner& owner : owners)
    moved.push_back({owner, has(base_, owner), !has(now_, owner)});
  return moved;
}

}  // namespace pgpm::catalog
