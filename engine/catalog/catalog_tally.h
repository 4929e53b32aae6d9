// Which rows of the catalog moved since an earlier look, without reading them. A row is new if the
// transaction that wrote it was not over at the earlier look, so every insert and update shows as a
// new row, and what is missing of old rows plus new ones was deleted. Whose the deleted rows were
// is not known from that: candidates are counted, and if their losses do not add up, all owners
// are.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace pgpm::catalog {

/// Whose rows are counted. {0, 0}: all those that are not told apart.
struct RowOwner {
  std::uint32_t catalog = 0;  ///< oid of the catalog that lists the owner: pg_class, pg_proc, ...
  std::uint32_t oid = 0;
  auto operator<=>(const RowOwner&) const = default;
};

struct Tally {
  RowOwner owner;
  long rows = 0;
  bool operator==(const Tally&) const = default;
};

struct MovedOwner {
  RowOwner owner;
  bool known = false;  ///< had rows at the earlier look
  bool gone = false;   ///< has none now
};

/// The rows of one catalog, by owner.
using CatalogTally = std::vector<Tally>;
/// Catalog by catalog, in the order in which they are counted.
using Tallies = std::vector<std::shared_ptr<const CatalogTally>>;

/// From the owner of each row, in any order.
CatalogTally tally_of(std::vector<RowOwner> owners);

/// One catalog at the later look.
struct CatalogCount {
  long rows = 0;
  std::vector<RowOwner> fresh;  ///< the owner of each new row
};

/// From the tallies of an earlier look and the counts of a later one to the later one's tallies.
class TallyUpdate {
 public:
  /// A catalog without a count is as it was.
  TallyUpdate(const Tallies& base, const std::vector<std::optional<CatalogCount>>& counts);

  /// Catalogs that lost rows of owners nobody has named yet.
  std::vector<std::size_t> unexplained() const;
  /// Owners of new rows.
  std::vector<RowOwner> fresh_owners() const;
  /// `now` has the rows of the candidates in a catalog, and `candidates` (sorted) includes
  /// fresh_owners(). Nothing happens if others must have lost rows as well.
  void explain(std::size_t catalog, const std::vector<RowOwner>& candidates,
               const CatalogTally& now);
  /// All rows of a catalog were counted once more.
  void recount(std::size_t catalog, CatalogTally now);

  /// Owners whose rows are not what they were, once nothing is unexplained.
  std::vector<MovedOwner> moved() const;
  const Tallies& tallies() const { return now_; }

 private:
  void replace(std::size_t catalog, CatalogTally now);

  const Tallies& base_;
  Tallies now_;
  std::vector<CatalogTally> fresh_;
  std::vector<long> lost_;  ///< rows, of owners not known yet
};

}  // namespace pgpm::catalog
