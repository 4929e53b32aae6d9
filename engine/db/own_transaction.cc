#include "engine/db/own_transaction.h"

#include <exception>

#include "engine/db/commit.h"

namespace pgpm::db {

OwnTransaction::OwnTransaction(Connection& connection, const char* begin)
    : connection_(connection) {
  connection_.exec(begin);
}

OwnTransaction::~OwnTransaction() {
  if (!connection_.alive() || connection_.transaction_status() == TransactionStatus::idle) return;
  try {
    const StopMask mask(connection_);
    connection_.exec("ROLLBACK");
  } catch (const std::exception&) {
    // Then the connection is gone, and the transaction with it.
  }
}

void OwnTransaction::commit() {
  db::commit(connection_);
}

}  // namespace pgpm::db
