// A text of an author sent as it is, in one message of the simple protocol: any number of
// statements, whose rows are dropped.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "engine/db/connection.h"

namespace pgpm::db {

struct MessageFailure {
  Error error;              ///< as Connection::exec would throw it
  std::size_t results = 0;  ///< statements that were done before
};

/// Called for each statement that is done, with its result (without rows).
using StatementDone = std::function<void(const Result& result)>;

/// Never throws for what the server or the wire does. COPY FROM STDIN is refused, what COPY TO
/// STDOUT sends is dropped.
std::optional<MessageFailure> run_message(Connection& connection, std::string_view text,
                                          const StatementDone& done);

}  // namespace pgpm::db
