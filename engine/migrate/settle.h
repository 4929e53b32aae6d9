// After a run was cut off in the middle of a statement that ran outside a transaction: had it been
// done, and what did it leave half-done? Only what came into being after the change's intent was
// journalled is taken for ours: catalog rows carry the number of the transaction that made them.
#pragma once

#include <string>
#include <string_view>

#include "engine/db/connection.h"

namespace pgpm {

enum class Fate {
  to_run,  ///< nothing of it is there (any more): run it
  done,    ///< it had been done, or is now
};

/// How the attempt ended that is to be settled.
enum class Ending {
  cut_off,  ///< nobody knows what the server said: it may have been done
  failed,   ///< with an error
};

/// Drops an invalid index that the statement left, takes a detachment to its end, and finds out
/// whether it had been done. `package` and `change` name the intent. Not inside a transaction.
Fate settle(db::Connection& connection, std::string_view statement, Ending ending,
            const std::string& package, const std::string& change);

}  // namespace pgpm
