// Rendering and mapping, see batch_message.h. A piece of a script reaches from the start of one
// statement to the start of the next (the first one from the start of the file), so that all pieces
// together are the file, byte for byte.
#include "engine/db/batch_message.h"

#include <algorithm>

#include "pgpm/error.h"

namespace pgpm::db {

namespace {

// The marker `\.` stands on the line behind the data.
std::size_t end_of_copy_marker(std::string_view text, std::size_t data_end) {
  const std::size_t line_end = text.find('\n', data_end);
  return line_end == std::string_view::npos ? text.size() : line_end + 1;
}

std::size_t piece_begin(const sql::Script& script, std::size_t index) {
  const auto statements = script.statements();
  if (index == 0) return 0;
  return index < statements.size() ? statements[index].begin : script.source().bytes().size();
}

bool goes_alone(const Fragment& fragment) {
  return fragment.only_statement.has_value() || !fragment.script->transactional();
}

std::size_t characters_to_bytes(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  while (at < text.size() && characters > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    --characters;
  }
  return at;
}

}  // namespace

MessageBuilder::MessageBuilder(const Batch& batch, CopyData copy_data, std::size_t limit)
    : batch_(batch), copy_data_(copy_data), limit_(limit) {}

std::optional<Message> MessageBuilder::next() {
  Message message;
  while (fragment_ < batch_.fragments().size())
    if (add_fragment(message) == Added::message_full) break;
  if (message.text.empty()) return std::nullopt;
  if (message.text.find('\0') != std::string::npos)
    throw Error(ErrorCode::internal, "a batch contains a NUL byte");
  return message;
}

MessageBuilder::Added MessageBuilder::add_fragment(Message& message) {
  const Fragment& fragment = batch_.fragments()[fragment_];
  if (!entered_) enter(fragment);
  const Added added =
      fragment.script ? add_script(fragment, message) : add_engine_sql(fragment, message);
  if (piece_ == pieces_) {
    ++fragment_;
    entered_ = false;
  }
  return added;
}

void MessageBuilder::enter(const Fragment& fragment) {
  entered_ = true;
  piece_ = 0;
  pieces_ = 1;
  gaps_.clear();
  if (!fragment.script) return;
  const sql::Script& script = *fragment.script;
  if (!fragment.only_statement) pieces_ = std::max<std::size_t>(script.statements().size(), 1);
  if (copy_data_ == CopyData::in_place) return;
  for (const sql::Statement& statement : script.statements())
    if (statement.kind == sql::Statement::Kind::copy_in)
      gaps_.emplace_back(statement.data_begin,
                         end_of_copy_marker(script.source().bytes(), statement.data_end));
}

MessageBuilder::Added MessageBuilder::add_engine_sql(const Fragment& fragment, Message& message) {
  if (!message.text.empty() && message.text.size() + fragment.sql.size() > limit_)
    return Added::message_full;
  append(fragment, 0, fragment.sql.size(), message);
  message.text += ";\n";
  for (std::size_t i = 0; i < fragment.statements; ++i) message.slots.push_back({fragment_, i});
  ++piece_;
  return Added::more_fits;
}

MessageBuilder::Added MessageBuilder::add_script(const Fragment& fragment, Message& message) {
  const bool alone = goes_alone(fragment);
  for (; piece_ < pieces_; ++piece_) {
    const Range range = piece(fragment);
    const std::size_t size = range.second - range.first;
    if (!message.text.empty() && (alone || message.text.size() + size > limit_))
      return Added::message_full;
    append_piece(fragment, message);
  }
  // On a line of its own: the script may end in a comment, or without a semicolon.
  message.text += "\n;\n";
  // No script that follows may close the parenthesis.
  const bool ends = alone || fragment.script->has_open_parenthesis();
  return ends ? Added::message_full : Added::more_fits;
}

MessageBuilder::Range MessageBuilder::piece(const Fragment& fragment) const {
  const sql::Script& script = *fragment.script;
  if (!fragment.only_statement)
    return {piece_begin(script, piece_), piece_begin(script, piece_ + 1)};
  const std::size_t index = *fragment.only_statement;
  return {script.statements()[index].begin, piece_begin(script, index + 1)};
}

void MessageBuilder::append_piece(const Fragment& fragment, Message& message) const {
  const Range range = piece(fragment);
  std::size_t at = range.first;
  for (auto gap = std::lower_bound(gaps_.begin(), gaps_.end(), Range(at, 0));
       gap != gaps_.end() && gap->first < range.second; ++gap) {
    append(fragment, at, gap->first, message);
    at = std::max(at, gap->second);
  }
  append(fragment, at, range.second, message);
  if (!fragment.script->statements().empty())
    message.slots.push_back({fragment_, fragment.only_statement.value_or(piece_)});
}

void MessageBuilder::append(const Fragment& fragment, std::size_t begin, std::size_t end,
                            Message& message) const {
  if (begin >= end) return;
  const bool continues = !message.segments.empty() &&
                         message.segments.back().fragment == fragment_ &&
                         message.segments.back().source + message.segments.back().size == begin;
  if (continues)
    message.segments.back().size += end - begin;
  else
    message.segments.push_back({message.text.size(), fragment_, begin, end - begin});
  if (fragment.script)
    fragment.script->append_sendable(message.text, begin, end);
  else
    message.text.append(fragment.sql, begin, end - begin);
}

Place place_of(const Message& message, std::size_t character_position) {
  return place_at(message, characters_to_bytes(
                               message.text, character_position > 0 ? character_position - 1 : 0));
}

Place place_at(const Message& message, std::size_t at) {
  if (message.segments.empty()) return {};
  auto segment =
      std::upper_bound(message.segments.begin(), message.segments.end(), at,
                       [](std::size_t offset, const Segment& s) { return offset < s.begin; });
  if (segment != message.segments.begin()) --segment;
  const std::size_t within = at > segment->begin ? at - segment->begin : 0;
  return {segment->fragment, segment->source + std::min(within, segment->size)};
}

std::size_t statement_at(const sql::Script& script, std::size_t offset) {
  const auto statements = script.statements();
  const auto after = std::upper_bound(
      statements.begin(), statements.end(), offset,
      [](std::size_t at, const sql::Statement& statement) { return at < statement.begin; });
  return after == statements.begin() ? 0 : static_cast<std::size_t>(after - statements.begin() - 1);
}

}  // namespace pgpm::db
