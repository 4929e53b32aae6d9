#include "engine/sql/quote.h"

namespace pgpm::sql {
namespace {

/// In pieces: the ledger's rows are quoted while the server waits for them.
void append_doubled(std::string& out, std::string_view text, char one, char other) {
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != one && text[at] != other) continue;
    out += text.substr(done, at + 1 - done);
    done = at;
  }
  out += text.substr(done);
}

void append_literal(std::string& out, std::string_view value) {
  const bool escapes = value.find('\\') != std::string_view::npos;
  out += escapes ? "E'" : "'";
  append_doubled(out, value, '\'', escapes ? '\\' : '\'');
  out += '\'';
}

}  // namespace

std::string quote_identifier(std::string_view name) {
  std::string quoted;
  quoted.reserve(name.size() + 2);
  quoted += '"';
  append_doubled(quoted, name, '"', '"');
  quoted += '"';
  return quoted;
}

std::string quote_literal(std::string_view value) {
  std::string quoted;
  quoted.reserve(value.size() + 4);
  append_literal(quoted, value);
  return quoted;
}

std::string quote_literal_or_null(std::string_view value) {
  return value.empty() ? "NULL" : quote_literal(value);
}

std::string quote_text_array(std::span<const std::string> values) {
  std::string array = "ARRAY[";
  for (const std::string& value : values) {
    if (array.back() != '[') array += ',';
    append_literal(array, value);
  }
  array += "]::text[]";
  return array;
}

}  // namespace pgpm::sql
