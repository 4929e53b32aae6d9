// pg_dump begins a script by emptying the search_path, so that functions which find an extension's
// objects by it fail while their tables' data are restored. This puts the extensions' schemas into
// that line of a dump that goes by in pieces; everything else passes unchanged, in constant memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/output.h"

namespace pgpm::cli {

class SearchPathLine {
 public:
  /// `schemas` are quoted; with none the line stays as it is. Neither is copied.
  SearchPathLine(const std::vector<std::string>& schemas, Output& out);

  void take(std::string_view piece);
  /// Nothing follows. False if the line was not there.
  bool finish();

 private:
  std::string replacement_;
  Output& out_;
  std::string held_;  // up to the line's end, while it was not found
  bool found_ = false, given_up_ = false;
};

}  // namespace pgpm::cli
