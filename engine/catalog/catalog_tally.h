// Which rows of the catalog moved since an earlier look, without reading them: rows are counted by
// what they belong to, and a row is new if the transaction that wrote it was not over then. So
// every insert and update shows as new, and every deletion as a count that fell.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/db/result.h"

namespace pgpm::catalog {

/// Whose rows are counted. oid 0: all those that are not told apart.
struct RowOwner {
  std::uint32_t catalog = 0;  ///< oid of the catalog that lists the owner: pg_class, pg_proc, ...
  std::uint32_t oid = 0;
  auto operator<=>(const RowOwner&) const = default;
};

struct Tally {
  RowOwner owner;
  long rows = 0;
};

struct MovedOwner {
  RowOwner owner;
  bool known = false;  ///< had rows at the earlier look
  bool gone = false;   ///< has none now
};

struct TallyReading {
  std::vector<Tally> tallies;      ///< by owner
  std::vector<RowOwner> with_new;  ///< by owner: those with a new row
};

/// The query for it takes longer to plan than to run, so the session keeps it: this makes it.
/// `others` are the catalogs that are counted as a whole.
std::string prepare_tally(int major, const std::vector<std::string>& others);
/// `mark` is the oldest transaction that was running at the earlier look.
std::string tally_query(const std::string& mark);
TallyReading tally_reading(const db::Result& result);

/// Owners whose rows are not what they were.
std::vector<MovedOwner> moved_owners(const std::vector<Tally>& before, const TallyReading& now);

/// The query that tells which parts are to be read again; kept by the session, too.
std::string prepare_moved_parts(int major);
std::string moved_parts_query(const std::vector<MovedOwner>& moved);

}  // namespace pgpm::catalog
