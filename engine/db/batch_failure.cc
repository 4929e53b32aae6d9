// See batch_failure.h. Messages come in the server's language, so nothing is read from them, except
// what is the same in every language: the number in the context line of a COPY ("COPY t, line 3"),
// and the bytes of a character the database cannot hold ("0xe6 0x97 0xa5").
#include "engine/db/batch_failure.h"

#include <algorithm>
#include <charconv>

#include "engine/db/byte_positions.h"
#include "engine/db/sqlstate.h"
#include "engine/text/ascii.h"

namespace pgpm::db {

namespace {

void locate(BatchFailure& failure, const sql::Script& script, std::size_t offset) {
  failure.where = script.source().location(offset);
  failure.source_line = script.source().line_at(offset);
}

void locate_statement(BatchFailure& failure, const Fragment& fragment, std::size_t statement) {
  failure.statement = statement;
  if (!fragment.script) return;
  const auto statements = fragment.script->statements();
  if (statements.empty()) return locate(failure, *fragment.script, 0);
  locate(failure, *fragment.script, statements[std::min(statement, statements.size() - 1)].begin);
}

// An error at our own separator ("syntax error at end of input") is about the end of the last
// statement.
std::size_t within_statements(const sql::Script& script, std::size_t offset) {
  if (offset < script.source().bytes().size() || script.statements().empty()) return offset;
  return std::min(offset, script.statements().back().end);
}

// The number of the data line in the context of an error in COPY data, 0 if it is not one.
std::size_t copy_line(std::string_view context) {
  while (!context.empty()) {
    const std::string_view line = context.substr(0, context.find('\n'));
    context.remove_prefix(std::min(line.size() + 1, context.size()));
    const std::size_t comma = line.find(", ");
    if (line.substr(0, 5) != "COPY " || comma == std::string_view::npos) continue;
    const char* const end = line.data() + line.size();
    std::size_t number = 0;
    std::from_chars(std::find_if(line.data() + comma, end, is_digit), end, number);
    return number;
  }
  return 0;
}

std::size_t start_of_line(std::string_view text, std::size_t begin, std::size_t line) {
  for (std::size_t i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) break;
    begin = end + 1;
  }
  return begin;
}

// The statement's place, or the line of its COPY data that the server could not read.
void locate_by_count(BatchFailure& failure, const Fragment& fragment, std::size_t statement) {
  locate_statement(failure, fragment, statement);
  if (!fragment.script || statement >= fragment.script->statements().size()) return;
  const sql::Statement& at = fragment.script->statements()[statement];
  const std::size_t line = copy_line(failure.message.context);
  if (at.kind != sql::Statement::Kind::copy_in || line == 0) return;
  const std::string_view data = fragment.script->source().bytes().substr(0, at.data_end);
  locate(failure, *fragment.script, start_of_line(data, at.data_begin, line));
  failure.where->column = 0;
}

void locate_by_position(BatchFailure& failure, const Batch& batch, const Place& place) {
  failure.fragment = place.fragment;
  failure.statement = 0;
  const auto& script = batch.fragments()[place.fragment].script;
  if (!script) return;
  const std::size_t offset = within_statements(*script, place.offset);
  failure.statement = statement_at(*script, offset);
  locate(failure, *script, offset);
}

// The first run of bytes in a message that names some: "0xe6 0x97 0xa5".
std::string named_bytes(std::string_view message) {
  std::string bytes;
  for (std::size_t at = message.find("0x"); at != std::string_view::npos; at += 5) {
    if (message.substr(at, 2) != "0x" || message.size() < at + 4) break;
    const int high = hex_value(message[at + 2]), low = hex_value(message[at + 3]);
    if (high < 0 || low < 0) break;
    bytes += static_cast<char>(high * 16 + low);
    if (message.size() <= at + 5) break;
  }
  return bytes;
}

// A message that the server could not convert to the database's encoding, of which it has read
// nothing then: where the character is that it has no place for.
std::optional<Place> unconvertible(const Message& message, std::size_t results,
                                   const ServerMessage& said) {
  if (said.sqlstate != "22P05" || results != 0) return std::nullopt;
  const std::string bytes = named_bytes(said.message);
  const std::size_t at = bytes.empty() ? std::string::npos : message.text.find(bytes);
  if (at == std::string::npos) return std::nullopt;
  return place_at(message, at);
}

Slot clamped(const Message& message, std::size_t results) {
  if (message.slots.empty())
    return {message.segments.empty() ? 0 : message.segments.front().fragment, 0};
  return message.slots[std::min(results, message.slots.size() - 1)];
}

std::string first_word(std::string_view text) {
  std::string word;
  for (const char c : text) {
    if (!is_alpha(c)) break;
    word += to_lower(c);
  }
  return word;
}

// ROLLBACK TO SAVEPOINT answers ROLLBACK too.
bool rolls_back_to_savepoint(std::string_view statement) {
  if (first_word(statement) != "rollback") return false;
  for (std::size_t at = 0; at < statement.size(); ++at)
    if (is_space(statement[at]) && first_word(statement.substr(at + 1)) == "to") return true;
  return false;
}

}  // namespace

BatchFailure server_failure(const Connection::State& state, const Batch& batch,
                            const Message& message, std::size_t results,
                            const ServerMessage& said) {
  BatchFailure failure;
  failure.message = counted_in_characters(state, said, message.text);
  failure.lost_connection = is_lost(state) || ends_session(said);
  failure.interrupted = state.cancels > 0 && said.sqlstate == "57014";
  const Slot at = clamped(message, results);
  failure.fragment = at.fragment;
  if (failure.message.position > 0)
    locate_by_position(failure, batch, place_of(message, failure.message.position));
  else if (const auto place = unconvertible(message, results, said))
    locate_by_position(failure, batch, *place);
  else
    locate_by_count(failure, batch.fragments()[at.fragment], at.statement);
  return failure;
}

BatchFailure unsent_failure(const Connection::State& state, const Batch& batch, const Slot& at) {
  if (!is_lost(state) && state.stop_requested()) {
    BatchFailure failure = client_failure(batch, at, "interrupted", "57014");
    failure.interrupted = true;
    return failure;
  }
  BatchFailure failure = client_failure(batch, at, {}, {});
  failure.message = failure_message(state, {});
  failure.lost_connection = is_lost(state);
  return failure;
}

BatchFailure client_failure(const Batch& batch, const Slot& at, std::string text,
                            std::string_view sqlstate) {
  BatchFailure failure;
  failure.fragment = at.fragment;
  failure.message.severity = "ERROR";
  failure.message.sqlstate = sqlstate;
  failure.message.message = std::move(text);
  locate_statement(failure, batch.fragments()[at.fragment], at.statement);
  return failure;
}

bool ends_transaction(const Fragment& fragment, std::size_t statement, std::string_view tag) {
  if (!fragment.script || !fragment.script->transactional() || fragment.only_statement)
    return false;
  if (tag == "COMMIT" || tag == "PREPARE TRANSACTION") return true;
  if (tag != "ROLLBACK" || statement >= fragment.script->statements().size())
    return tag == "ROLLBACK";
  const sql::Statement& at = fragment.script->statements()[statement];
  return !rolls_back_to_savepoint(
      fragment.script->source().bytes().substr(at.begin, at.end - at.begin));
}

const sql::Statement* copy_statement(const Fragment& fragment, std::size_t index) {
  if (!fragment.script) return nullptr;
  const auto statements = fragment.script->statements();
  if (fragment.only_statement) {
    const sql::Statement& only = statements[*fragment.only_statement];
    return index == 0 && only.kind == sql::Statement::Kind::copy_in ? &only : nullptr;
  }
  for (const sql::Statement& statement : statements)
    if (statement.kind == sql::Statement::Kind::copy_in && index-- == 0) return &statement;
  return nullptr;
}

}  // namespace pgpm::db
