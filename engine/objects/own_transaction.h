// A run's transaction: rolled back unless it was committed.
#pragma once

#include "engine/db/connection.h"

namespace pgpm::objects {

/// Rolls back what was not committed, also when a stop was requested meanwhile.
class OwnTransaction {
 public:
  explicit OwnTransaction(db::Connection& connection);
  ~OwnTransaction();
  OwnTransaction(const OwnTransaction&) = delete;
  OwnTransaction& operator=(const OwnTransaction&) = delete;

  /// Throws Error(sql) if the server rolled it back instead.
  void commit();

 private:
  db::Connection& connection_;
};

}  // namespace pgpm::objects
