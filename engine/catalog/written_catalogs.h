// Which catalogs a session wrote to, by the server's own counters of written rows: those need not
// be looked at again. The session keeps its counters until it waits for a message outside a
// transaction; in the message that ends a transaction, behind its end, they are all there. What
// was rolled back is counted as well. Who switches track_counts off for a while, or writes from
// another session, is not seen.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "engine/db/result.h"

namespace pgpm::catalog {

class WrittenCatalogs {
 public:
  /// `others`: the catalogs that are counted as a whole (moved_query.h).
  explicit WrittenCatalogs(const std::vector<std::string>& others);

  /// To be asked at the end of a transaction, in the message that ends it or before.
  const std::string& query() const { return query_; }
  /// The query's one row.
  void note(const db::Result& row);
  /// From now on the counters may not show everything.
  void distrust() { distrusted_ = true; }
  /// They have been looked at.
  void clear();

  /// By its number (moved_query.h).
  bool includes(std::size_t catalog) const {
    return distrusted_ || all_ || written_.contains(catalog);
  }

 private:
  std::string query_;
  std::set<std::size_t> written_;
  bool all_ = false, distrusted_ = false;
};

}  // namespace pgpm::catalog
