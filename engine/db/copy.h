// Rows into a table by COPY, and their text format.
#pragma once

#include <functional>
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
  void clear() { text_.clear(); }

 private:
  void begin_field();

  std::string text_;
  bool in_row_ = false;
};

/// Appends the next rows, a piece worth sending; false if there are none left.
using MoreRows = std::function<bool(CopyRows& rows)>;

/// Runs statements, any number of them in one message: the first COPY ... FROM STDIN takes what the
/// first of `feeds` has, and so on. The server works on a piece while the next one is made. Throws
/// as Connection::exec does.
void copy_in(Connection& connection, std::string_view statements,
             const std::vector<MoreRows>& feeds);

}  // namespace pgpm::db
