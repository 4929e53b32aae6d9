#include "engine/db/copy.h"

#include <array>
#include <optional>

#include "engine/db/libpq.h"
#include "engine/db/statement_error.h"

namespace pgpm::db {

namespace {

constexpr std::array<bool, 256> special_bytes() {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("\\\t\n\r")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> is_special = special_bytes();

void escape_into(std::string& out, std::string_view value) {
  while (!value.empty()) {
    std::size_t plain = 0;
    while (plain < value.size() && !is_special[static_cast<unsigned char>(value[plain])]) ++plain;
    out += value.substr(0, plain);
    if (plain == value.size()) return;
    switch (value[plain]) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += "\\\\";
    }
    value.remove_prefix(plain + 1);
  }
}

std::string array_literal(const std::vector<std::string>& values) {
  std::string literal = "{";
  for (const std::string& value : values) {
    if (literal.size() > 1) literal += ',';
    literal += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') literal += '\\';
      literal += c;
    }
    literal += '"';
  }
  return literal + "}";
}

}  // namespace

void CopyRows::begin_field() {
  if (in_row_) text_ += '\t';
  in_row_ = true;
}

CopyRows& CopyRows::add(std::string_view value) {
  begin_field();
  escape_into(text_, value);
  return *this;
}

CopyRows& CopyRows::add_null() {
  begin_field();
  text_ += "\\N";
  return *this;
}

CopyRows& CopyRows::add_array(const std::vector<std::string>& values) {
  return add(array_literal(values));
}

void CopyRows::end_row() {
  text_ += '\n';
  in_row_ = false;
}

namespace {

void feed(Connection::State& state, const MoreRows& more) {
  CopyRows rows;
  while (more(rows)) {
    if (!put_copy(state, rows.text())) return;
    rows.clear();
  }
  end_copy(state);
}

}  // namespace

void copy_in(Connection& connection, std::string_view statements,
             const std::vector<MoreRows>& feeds) {
  Connection::State& state = connection.state();
  if (!begin_statement(state)) {
    if (is_lost(state)) throw lost_session(failure_message(state, {}));
    throw Error(ErrorCode::interrupted, "interrupted");
  }
  if (libpq().PQsendQuery(state.conn.get(), std::string(statements).c_str()) == 0)
    throw lost_session(failure_message(state, {}));
  flush(state);
  std::optional<Error> failure;
  std::size_t fed = 0;
  while (const Result result = next_result(state)) {
    const ExecStatusType status = libpq().PQresultStatus(result.raw());
    if (status == PGRES_COPY_IN)
      feed(state, feeds.at(fed++));
    else if (status == PGRES_FATAL_ERROR && !failure)
      failure = statement_error(state, failure_message(state, result));
  }
  if (failure) throw *failure;
}

}  // namespace pgpm::db
