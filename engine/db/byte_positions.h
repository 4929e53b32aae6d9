// Where a server says an error is: it counts characters, but bytes in a database without an
// encoding (SQL_ASCII), where it knows no characters.
#pragma once

#include <string_view>

#include "engine/db/wire.h"

namespace pgpm::db {

/// The message with its positions in characters. `sent` is the text, UTF-8, that the server read.
ServerMessage counted_in_characters(const Connection::State& state, ServerMessage message,
                                    std::string_view sent);

}  // namespace pgpm::db
