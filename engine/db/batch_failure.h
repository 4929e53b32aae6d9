// What to report when a batch stops: the author's line for a server's message, and failures that
// only we can see.
#pragma once

#include <string>
#include <string_view>

#include "engine/db/batch.h"
#include "engine/db/batch_message.h"
#include "engine/db/wire.h"

namespace pgpm::db {

/// The server (or libpq) reported an error after `results` statements of the message.
BatchFailure server_failure(const Connection::State& state, const Batch& batch,
                            const Message& message, std::size_t results, const ServerMessage& said);
/// The message did not get out: the connection is gone, a stop was requested, or libpq refused it.
BatchFailure unsent_failure(const Connection::State& state, const Batch& batch, const Slot& at);
/// The server is content, we are not.
BatchFailure client_failure(const Batch& batch, const Slot& at, std::string text,
                            std::string_view sqlstate);

/// Whether a command tag means that a script ended the transaction that the engine opened around
/// it.
bool ends_transaction(const Fragment& fragment, std::size_t statement, std::string_view tag);
/// The script's `index`th COPY FROM STDIN with data, nullptr if it has none.
const sql::Statement* copy_statement(const Fragment& fragment, std::size_t index);

}  // namespace pgpm::db
