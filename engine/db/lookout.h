// A second session beside ours that looks at what ours is waiting for, while it waits. Opened when
// it is first asked; if that is not possible (no connection left), nothing is seen and nothing
// fails. Its queries are short and outside a transaction, so it holds no snapshot that anybody
// would have to wait for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/db/connection.h"
#include "pgpm/event.h"

namespace pgpm::db {

enum class Signal { cancel_query, end_session };

/// How far the watched session is in building an index.
struct IndexBuild {
  std::string phase;  ///< the server's word for it
  std::size_t done = 0, total = 0;
  std::string unit;  ///< of both: "blocks", "tuples", "lockers"; "" if the phase counts nothing
};

class Lookout {
 public:
  /// `watched` must outlive it.
  explicit Lookout(Connection& watched) : watched_(watched) {}

  /// Who keeps the watched session from the lock it waits for: empty if it does not wait for one.
  std::vector<Blocker> blockers();
  /// Of the watched session's CREATE INDEX or REINDEX, if one is under way (servers from 12 on).
  std::optional<IndexBuild> index_build();
  /// Asks the server to do this to the blocker, if it still is what it was when it was seen (the
  /// same session, as idle). Returns why not: "" if it was done.
  std::string signal(const Blocker& blocker, Signal signal);
  /// Ends the session; the next question opens it again.
  void leave() { session_.reset(); }

 private:
  Connection* session();

  Connection& watched_;
  std::optional<Connection> session_;
  int failures_ = 0;  // in a row
};

}  // namespace pgpm::db
