// What a statement is, by its leading words. Not a parser: it looks only for what changes how a
// statement is sent. Whatever it does not know is ordinary, and the server is the judge.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/sql/statements.h"

namespace pgpm::sql {

/// All take the text of one statement.
Statement::Kind statement_kind(std::string_view statement);
/// It fails inside a transaction block, always or in its usual form. Where that depends on what the
/// database contains (REINDEX of a partitioned table, a procedure that commits) the answer is no.
bool refuses_transaction(std::string_view statement);
/// A CREATE FUNCTION or PROCEDURE begins at `begin`.
bool creates_routine(std::string_view text, std::size_t begin);
/// "CREATE INDEX CONCURRENTLY", for messages about a statement that refuses transactions.
std::string_view refusal_name(std::string_view statement);

/// What a statement does to the transaction.
enum class TransactionVerb {
  none,
  begin,      ///< BEGIN, START TRANSACTION
  commit,     ///< COMMIT, END
  rollback,   ///< ROLLBACK, ABORT
  savepoint,  ///< SAVEPOINT, RELEASE, ROLLBACK TO: inside the transaction
  chain,      ///< COMMIT or ROLLBACK ... AND CHAIN: ends one and begins the next
  two_phase,  ///< PREPARE TRANSACTION, COMMIT PREPARED, ROLLBACK PREPARED
};
struct TransactionStatement {
  TransactionVerb verb = TransactionVerb::none;
  std::string_view savepoint;  ///< its name as written, quotes included
  std::string_view modes;      ///< what BEGIN says beyond itself: "ISOLATION LEVEL SERIALIZABLE"
};
TransactionStatement transaction_statement(std::string_view statement);

}  // namespace pgpm::sql
