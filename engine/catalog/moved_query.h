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

/// Which of the catalogs this session wrote, as an array of their numbers (written_catalogs.h);
/// NULL if the server does not count.
std::string written_query(const std::vector<std::string>& others);

/// How many rows a catalog has, and whose the new ones are. `mark` is the oldest transaction that
/// was running at the earlier look.
std::string count_query(std::size_t catalog, const std::string& mark);
CatalogCount count_of(const db::Result& result);

/// All rows of some catalogs, by owner.
std::string tallies_query(const std::vector<std::size_t>& catalogs,
                          const std::vector<std::string>& others);
/// The rows of some owners in a catalog that is not one of the others, by index.
std::string candidates_query(std::size_t catalog, const std::vector<RowOwner>& owners);
/// Adds the answer of either query, each tally at the number of its catalog.
void add_tallies(const db::Result& result, std::vector<CatalogTally>& tallies);

/// Which parts are to be read again.
std::string moved_parts_query(const std::vector<MovedOwner>& moved);

}  // namespace pgpm::catalog
