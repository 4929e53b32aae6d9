// CREATE INDEX CONCURRENTLY that was killed leaves an invalid index behind, which IF NOT EXISTS
// would then accept.
#pragma once

#include <string_view>

#include "engine/db/connection.h"

namespace pgpm {

enum class IndexFate {
  not_an_index,  ///< the statement builds no named index concurrently
  absent,        ///< nothing of it is there (or an invalid one was dropped just now)
  complete,      ///< it is there and valid: the statement had finished
};

/// `statement` was under way when a run died. Drops the invalid index it left, if it did.
IndexFate settle_interrupted_index(db::Connection& connection, std::string_view statement);

}  // namespace pgpm
