// The transaction statements of a script, held against the rule of the house: the engine owns the
// transaction. An outer BEGIN ... COMMIT is a habit of the format and is left out; savepoints are
// the author's; anything else is a problem, unless the script runs outside a transaction, where
// they are the author's as well.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "engine/sql/statements.h"

namespace pgpm::sql {

/// Who said that a script does not run in a transaction.
enum class TransactionMode {
  transactional,
  refused_by_statement,  ///< one of its statements cannot
  declined_by_header,    ///< -- pgpm: no-transaction
};
/// What a ROLLBACK at the end means: the end of a verify script, or a deploy that undoes itself.
enum class OuterRollback { refused, allowed };

struct TransactionFinding {
  enum class Kind {
    begin_without_commit,
    commit_without_begin,
    rolled_back,         ///< the outer transaction ends with ROLLBACK in a script that is to last
    inside,              ///< BEGIN, COMMIT, ROLLBACK elsewhere
    chained,             ///< ... AND CHAIN
    two_phase,           ///< PREPARE TRANSACTION, COMMIT PREPARED
    reserved_savepoint,  ///< named pgpm_...
    open_at_end,         ///< a no-transaction script leaves its own transaction open
    modes_ignored,       ///< BEGIN ISOLATION LEVEL ... is left out: a warning
    pair_ignored,  ///< BEGIN and COMMIT around a statement that refuses transactions: a warning
  };
  Kind kind;
  std::size_t statement = 0;  ///< index
};

struct TransactionReview {
  bool has_outer = false;  ///< the first and the last statement are the outer pair
  std::vector<TransactionFinding> findings;
};

TransactionReview review_transactions(std::string_view text, std::span<const Statement> statements,
                                      TransactionMode mode, OuterRollback rollback);

}  // namespace pgpm::sql
