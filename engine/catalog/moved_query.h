// The questions about what moved in a catalog. Most take longer to plan than to run, so the session
// keeps them. Two lists of catalogs are counted: those whose rows are told apart by whom they
// belong to, which are fixed, then `others`, which are counted as a whole.
#pragma once

#include <string>
#include <vector>

#include "engine/catalog/catalog_tally.h"
#include "engine/db/result.h"

namespace pgpm::catalog {

/// Makes what the other questions need; several statements. Without it, or once it is gone (DISCARD
/// ALL), they fail with 26000.
std::string prepare_moved(int major, const std::vector<std::string>& others);

std::size_t counted_catalogs(const std::vector<std::string>& others);

/// How many rows each catalog has, and whose the new ones are. `mark` is the oldest transaction
/// that was running at the earlier look.
std::string counts_query(const std::string& mark);
std::vector<CatalogCount> counts_of(const db::Result& result);

/// All rows of some catalogs, by owner.
std::string tallies_query(const std::vector<std::size_t>& catalogs,
                          const std::vector<std::string>& others);
/// The rows of some owners in all catalogs but the others, by index.
std::string candidates_query(const std::vector<RowOwner>& owners);
/// Of either query, by the number of the catalog; those that were not asked about are empty.
std::vector<CatalogTally> tallies_of(const db::Result& result, std::size_t catalogs);

/// Which parts are to be read again.
std::string moved_parts_query(const std::vector<MovedOwner>& moved);

}  // namespace pgpm::catalog
