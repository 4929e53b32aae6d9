// Rows into a table by COPY, and their text format.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/db/connection.h"

namespace pgpm::db {

/// Rows for COPY ... FROM STDIN in its text format.
class CopyRows {
 public:
  CopyRows& add(std::string_view value);
  CopyRows& add_null();
  CopyRows& add_array(const std::vector<std::string>& values);
  void end_row();

  const std::string& text() const { return text_; }
  std::size_t rows() const { return rows_; }

 private:
  void begin_field();

  std::string text_;
  bool in_row_ = false;
  std::size_t rows_ = 0;
};

/// `statement` is COPY table (columns) FROM STDIN. Throws as Connection::exec does.
void copy_in(Connection& connection, std::string_view statement, const CopyRows& rows);

}  // namespace pgpm::db
