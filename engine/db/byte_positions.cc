#include "engine/db/byte_positions.h"

#include "engine/db/libpq.h"
#include "engine/text/utf8.h"

namespace pgpm::db {

namespace {

bool counts_bytes(const Connection::State& state) {
  const char* encoding = libpq().PQparameterStatus(state.conn.get(), "server_encoding");
  return encoding != nullptr && std::string_view(encoding) == "SQL_ASCII";
}

std::size_t in_characters(std::size_t position, std::string_view text) {
  return position == 0 ? 0 : count_characters(text.substr(0, position - 1)) + 1;
}

}  // namespace

ServerMessage counted_in_characters(const Connection::State& state, ServerMessage message,
                                    std::string_view sent) {
  if (!counts_bytes(state)) return message;
  message.position = in_characters(message.position, sent);
  message.internal_position = in_characters(message.internal_position, message.internal_query);
  return message;
}

}  // namespace pgpm::db
