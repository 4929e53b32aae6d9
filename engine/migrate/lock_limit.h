// lock_timeout is no use to a statement that waits for other transactions by design, such as CREATE
// INDEX CONCURRENTLY: the server applies it to those waits, too, and an invalid index is all that
// comes of it. Nobody queues up behind such a wait, so it may take as long as it takes.
#pragma once

#include <string>

#include "engine/db/connection.h"
#include "engine/sql/footprint.h"

namespace pgpm {

/// No lock_timeout for such a statement (and only then) for as long as it lives; one that the
/// script itself has set stays.
class LockLimit {
 public:
  LockLimit(db::Connection& connection, const sql::Footprint& footprint);
  ~LockLimit();
  LockLimit(const LockLimit&) = delete;
  LockLimit& operator=(const LockLimit&) = delete;

 private:
  db::Connection& connection_;
  std::string former_;  // "" = nothing was changed
};

}  // namespace pgpm
