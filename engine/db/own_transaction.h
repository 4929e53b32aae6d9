// A transaction of our own: rolled back unless it was committed.
#pragma once

#include "engine/db/connection.h"

namespace pgpm::db {

/// Rolls back what was not committed, also when a stop was requested meanwhile. The connection must
/// outlive it, and may not be in a transaction yet.
class OwnTransaction {
 public:
  /// Read committed, whatever the session's default is: what another session did while we wait for
  /// a lock is seen.
  static constexpr const char* writing = "BEGIN ISOLATION LEVEL READ COMMITTED";
  static constexpr const char* reading = "BEGIN READ ONLY";

  explicit OwnTransaction(Connection& connection, const char* begin = writing);
  ~OwnTransaction();
  OwnTransaction(const OwnTransaction&) = delete;
  OwnTransaction& operator=(const OwnTransaction&) = delete;

  /// As db::commit().
  void commit();

 private:
  Connection& connection_;
};

}  // namespace pgpm::db
