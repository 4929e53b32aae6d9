#include "engine/db/result.h"

#include <charconv>

#include "engine/db/libpq.h"

namespace pgpm::db {

void ResultDeleter::operator()(pg_result* result) const noexcept {
  libpq().PQclear(result);
}

namespace {

// libpq answers an index out of range with a warning on a hook and "": never ask it.
void check_cell(const pg_result* result, std::size_t row, std::size_t column) {
  const std::size_t rows =
      result == nullptr ? 0 : static_cast<std::size_t>(libpq().PQntuples(result));
  const std::size_t columns =
      result == nullptr ? 0 : static_cast<std::size_t>(libpq().PQnfields(result));
  if (row >= rows || column >= columns)
    throw Error(ErrorCode::internal, "a result was asked for a row or column it does not have");
}

std::string field(const pg_result* result, int code) {
  const char* value = libpq().PQresultErrorField(result, code);
  return value == nullptr ? std::string() : std::string(value);
}

std::size_t number(const std::string& text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::size_t Result::rows() const {
  return result_ ? static_cast<std::size_t>(libpq().PQntuples(result_.get())) : 0;
}

std::size_t Result::columns() const {
  return result_ ? static_cast<std::size_t>(libpq().PQnfields(result_.get())) : 0;
}

std::string_view Result::name(std::size_t column) const {
  const char* name = libpq().PQfname(result_.get(), static_cast<int>(column));
  if (name == nullptr)
    throw Error(ErrorCode::internal, "a result was asked for a column it does not have");
  return name;
}

bool Result::is_null(std::size_t row, std::size_t column) const {
  check_cell(result_.get(), row, column);
  return libpq().PQgetisnull(result_.get(), static_cast<int>(row), static_cast<int>(column)) != 0;
}

std::string_view Result::text(std::size_t row, std::size_t column) const {
  check_cell(result_.get(), row, column);
  const int r = static_cast<int>(row);
  const int c = static_cast<int>(column);
  return {libpq().PQgetvalue(result_.get(), r, c),
          static_cast<std::size_t>(libpq().PQgetlength(result_.get(), r, c))};
}

long Result::integer(std::size_t row, std::size_t column) const {
  const std::string_view digits = text(row, column);
  long value = 0;
  if (digits.empty()) return value;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size())
    throw Error(ErrorCode::internal, "the server sent no integer where one was expected");
  return value;
}

double Result::number(std::size_t row, std::size_t column) const {
  const std::string_view digits = text(row, column);
  double value = 0;
  if (digits.empty()) return value;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size())
    throw Error(ErrorCode::internal, "the server sent no number where one was expected");
  return value;
}

bool Result::boolean(std::size_t row, std::size_t column) const {
  return text(row, column) == "t";
}

std::string_view Result::command_tag() const {
  // PQcmdStatus only reads, its parameter is not const for historical reasons.
  return result_ ? std::string_view(libpq().PQcmdStatus(result_.get())) : std::string_view();
}

ServerMessage server_message(const pg_result* result) {
  ServerMessage message;
  message.severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  message.sqlstate = field(result, PG_DIAG_SQLSTATE);
  message.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  message.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  message.hint = field(result, PG_DIAG_MESSAGE_HINT);
  message.context = field(result, PG_DIAG_CONTEXT);
  message.position = number(field(result, PG_DIAG_STATEMENT_POSITION));
  message.internal_position = number(field(result, PG_DIAG_INTERNAL_POSITION));
  message.internal_query = field(result, PG_DIAG_INTERNAL_QUERY);
  message.schema = field(result, PG_DIAG_SCHEMA_NAME);
  message.table = field(result, PG_DIAG_TABLE_NAME);
  message.column = field(result, PG_DIAG_COLUMN_NAME);
  message.data_type = field(result, PG_DIAG_DATATYPE_NAME);
  message.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  message.routine = field(result, PG_DIAG_SOURCE_FUNCTION);
  if (message.message.empty()) message.message = libpq().PQresultErrorMessage(result);
  return message;
}

}  // namespace pgpm::db
