// Snapshots one after the other of a database that changes little between them. What a snapshot
// holds is kept in parts that later ones share, so a snapshot costs what moved, and comparing two
// costs what differs.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/catalog/catalog_tally.h"
#include "engine/catalog/written_catalogs.h"
#include "engine/db/connection.h"
#include "pgpm/catalog.h"

namespace pgpm::catalog {

/// What objects are read together: a relation with its columns, constraints, indexes, triggers,
/// policies, rules and statistics; a routine; or all the others.
struct PartKey {
  enum class Kind : std::uint8_t { relation, routine, others } kind = Kind::others;
  std::uint32_t oid = 0;
  auto operator<=>(const PartKey&) const = default;
};

/// Immutable as a value: copies share their parts.
class PartedSnapshot {
 public:
  using Objects = std::vector<CatalogObject>;

  /// The same as take_snapshot() would give.
  CatalogSnapshot whole() const;
  /// Nothing, as of this snapshot.
  WrittenCatalogs written() const { return WrittenCatalogs(*others_); }

 private:
  friend class PartReader;
  friend std::vector<ObjectDifference> difference(const PartedSnapshot& before,
                                                  const PartedSnapshot& after);

  std::string database_;
  int server_version_ = 0;
  std::map<PartKey, std::shared_ptr<const Objects>> parts_;
  // What the next look needs: what was counted, whose rows had moved, since when rows are new,
  // which catalogs are counted.
  Tallies tallies_;
  std::vector<RowOwner> moved_;
  std::string mark_;
  std::shared_ptr<const std::vector<std::string>> others_;
};

/// As pgpm::difference() of the two as a whole.
std::vector<ObjectDifference> difference(const PartedSnapshot& before, const PartedSnapshot& after);

/// Everything, as take_snapshot(connection, options).
PartedSnapshot read_whole(db::Connection& connection, const SnapshotOptions& options = {});

/// The same by reading only what moved since `base`, a snapshot with the same options of the same
/// database, from the same connection; what happened since then may not include a roll back to a
/// state before it. Statements that refuse transactions may change the catalog without a trace:
/// read_whole() after those. `written`: what was written since then; nullptr: anything.
PartedSnapshot read_moved(db::Connection& connection, const SnapshotOptions& options,
                          const PartedSnapshot& base, const WrittenCatalogs* written = nullptr);

}  // namespace pgpm::catalog
