// A database of our own on somebody's server, under a name nobody else has, dropped when it is no
// longer needed. Its owner holds an advisory lock for it, so that a later run can tell a database
// that is in use from one whose owner was killed, also from another machine.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "engine/db/connection.h"
#include "pgpm/target.h"

namespace pgpm::proof {

class ScratchDatabase {
 public:
  /// Creates "pgpm_LABEL_RANDOM" on the server that `server` leads to, whose own database is not
  /// touched: empty, or as a copy of `original`, to which nobody may be connected. Throws
  /// Error(connection), Error(sql) (the role may not create databases), Error(interrupted).
  ScratchDatabase(const Target& server, std::stop_token stop, const std::string& label = "scratch",
                  const ScratchDatabase* original = nullptr);
  /// Drops it, whoever is connected. Waits for the server, also after a stop request; never throws.
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  const std::string& name() const { return target_.database; }
  /// Commits are not waited for to reach the disk: nothing in here is to survive.
  const Target& target() const { return target_; }
  /// Leaves it behind, and no later run takes it for abandoned.
  void keep();

 private:
  Target target_;
  std::optional<db::Connection>
      owner_;  // holds the lock; beside the database, to be able to drop it
  bool kept_ = false;
};

/// Drops the scratch databases on this server whose owners are gone. Nothing but databases with a
/// name and a mark of ours is ever dropped: our comment, or no comment and the connection limit
/// they are created with. A role that may not drop them leaves them.
void drop_abandoned_databases(const Target& server, std::stop_token stop);

}  // namespace pgpm::proof
