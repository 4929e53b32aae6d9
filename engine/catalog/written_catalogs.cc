#include "engine/catalog/written_catalogs.h"

#include <charconv>
#include <string_view>

#include "engine/catalog/moved_query.h"

namespace pgpm::catalog {

WrittenCatalogs::WrittenCatalogs(const std::vector<std::string>& others)
    : query_(written_query(others)) {}

void WrittenCatalogs::note(const db::Result& row) {
  if (row.is_null(0, 0)) all_ = true;
  if (all_) return;
  const std::string_view array = row.text(0, 0);  // {1,2,3}, from 1 on
  const char* at = array.data() + 1;
  const char* const end = array.data() + array.size();
  while (end - at > 1) {
    std::size_t number = 0;
    at = std::from_chars(at, end, number).ptr + 1;
    written_.insert(number - 1);
  }
}

void WrittenCatalogs::clear() {
  written_.clear();
  all_ = false;
}

}  // namespace pgpm::catalog
