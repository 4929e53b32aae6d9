#include "engine/objects/own_transaction.h"

#include <exception>

namespace pgpm::objects {

OwnTransaction::OwnTransaction(db::Connection& connection) : connection_(connection) {
  connection_.exec("BEGIN ISOLATION LEVEL READ COMMITTED");
}

OwnTransaction::~OwnTransaction() {
  if (!connection_.alive() || connection_.transaction_status() == db::TransactionStatus::idle)
    return;
  try {
    const db::StopMask mask(connection_);
    connection_.exec("ROLLBACK");
  } catch (const std::exception&) {
    // Then the connection is gone, and the transaction with it.
  }
}

void OwnTransaction::commit() {
  if (connection_.exec("COMMIT").command_tag() != "COMMIT")
    throw Error(ErrorCode::sql, "the server rolled the transaction back instead of committing it")
        .leaving("nothing was changed");
}

}  // namespace pgpm::objects
