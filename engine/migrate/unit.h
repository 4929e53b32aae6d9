// A run as a row of units: BEGIN, what comes first in a module, each change, COMMIT. The layout
// decides which changes share a transaction; rendering puts a unit's SQL into a batch. Pure: this
// is also what --dry-run --sql prints.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/db/batch.h"
#include "engine/migrate/prepared_run.h"
#include "pgpm/event.h"

namespace pgpm {

struct Unit {
  enum class Kind {
    begin,
    module_head,    ///< package row, native extensions
    step,           ///< a change inside the open transaction
    guarded,        ///< the same in a module with managed objects: what of them stands in its way
                    ///< is dropped
    objects,        ///< they are brought to what the files declare
    objects_back,   ///< what was dropped of them is put back as it was
    objects_gone,   ///< those of modules that are reverted as a whole are dropped
    gone_check,     ///< after a revert: its verify script, expected to fail; a message of its own
    gone_question,  ///< the same for a script whose failure the server can catch (gone_question.h)
    verify_again,   ///< verify scripts that failed right after their change, now that the module is
                    ///< complete
    alone,          ///< a change that refuses transactions
    tests,          ///< the module's SQL tests; only the run knows how
    late_tags,
    remaining_check,  ///< verify script of a change that stays (`step` indexes
                      ///< PreparedRun::remaining)
    drop_extensions,
    commit,
  };
  Kind kind = Kind::begin;
  std::size_t module = 0;  ///< index into PreparedRun::modules
  std::size_t step = 0;    ///< index into its steps
};

/// Ends the savepoint that a gone_check ran in, whether it passed or failed. Two statements.
constexpr const char* leave_gone_check =
    "ROLLBACK TO SAVEPOINT pgpm_verify; RELEASE SAVEPOINT pgpm_verify";

/// How to learn that a verify script fails after its change was reverted.
enum class GoneBy {
  sending_script,
  asking_server,  ///< where the script allows it
};

std::vector<Unit> lay_out(const PreparedRun& run, TransactionScope scope,
                          GoneBy gone = GoneBy::sending_script);

/// When the ledger row of a deploy is written: right behind its script, or by the caller.
enum class Row { at_once, later };

/// Appends the unit's SQL, every fragment labelled `label`. Not for Kind::alone, verify_again,
/// tests and the kinds of objects, whose SQL only the run knows. Kind::guarded is rendered like a
/// step.
void render_unit(const PreparedRun& run, const Unit& unit, long run_id, std::size_t label,
                 db::Batch& batch, Row row = Row::at_once);

/// What stands in front of and behind a change's script in its transaction.
void render_before_script(const PreparedStep& step, std::size_t label, db::Batch& batch);
void render_behind_script(const PreparedStep& step, Row row, long run_id, std::size_t label,
                          db::Batch& batch);

/// The script between a savepoint and its rollback: nothing of it stays, settings included.
void add_in_savepoint(const StoredScript& script, std::size_t label, db::Batch& batch);

}  // namespace pgpm
