// Rows and status of one statement. Owns the PGresult; views returned live as long as it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pgpm/error.h"

struct pg_result;

namespace pgpm::db {

struct ResultDeleter {
  void operator()(pg_result* result) const noexcept;
};

class Result {
 public:
  Result() = default;
  /// `notices` is what the result's notice hook points at: a result may outlive its connection.
  explicit Result(pg_result* owned, std::shared_ptr<const void> notices = {})
      : notices_(std::move(notices)), result_(owned) {}

  std::size_t rows() const;
  std::size_t columns() const;
  /// The column's name, as the server gave it.
  std::string_view name(std::size_t column) const;
  bool is_null(std::size_t row, std::size_t column) const;
  /// "" for NULL.
  std::string_view text(std::size_t row, std::size_t column) const;
  std::string str(std::size_t row, std::size_t column) const {
    return std::string(text(row, column));
  }
  long integer(std::size_t row, std::size_t column) const;   ///< 0 for NULL
  double number(std::size_t row, std::size_t column) const;  ///< 0 for NULL
  bool boolean(std::size_t row, std::size_t column) const;
  /// "COMMIT", "ROLLBACK", "INSERT 0 1", ...
  std::string_view command_tag() const;
  pg_result* raw() const { return result_.get(); }
  explicit operator bool() const { return result_ != nullptr; }

 private:
  std::shared_ptr<const void> notices_;
  std::unique_ptr<pg_result, ResultDeleter> result_;
};

/// The fields of an error or notice result.
ServerMessage server_message(const pg_result* result);

}  // namespace pgpm::db
