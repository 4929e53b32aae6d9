// Our splitter against PostgreSQL's grammar: whatever text the grammar takes is split the same.
#include <string>
#include <string_view>

#include "engine/text/ascii.h"
#include "tests/fuzz/property.h"
#include "tests/grammar/pg_grammar.h"

namespace {

/// What our scanner takes away before statements are read: psql's own lines and COPY data, which
/// the grammar does not know, begin with a backslash; NUL ends a text for it.
bool is_comparable(std::string_view text) {
  return text.find('\\') == std::string_view::npos && text.find('\0') == std::string_view::npos;
}

/// COPY ... FROM STDIN takes all behind it for data.
bool may_copy(std::string_view text) {
  for (std::size_t at = 0; at + 4 <= text.size(); ++at)
    if (pgpm::iequals(text.substr(at, 4), "copy")) return true;
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace pgpm::fuzz;
  const std::string text(text_of(bytes, size));
  if (!is_comparable(text) || may_copy(text)) return 0;
  const std::string difference = pgpm::tests::split_difference(text);
  if (!difference.empty()) std::fprintf(stderr, "%s\n", difference.c_str());
  require(difference.empty(), "what the grammar takes is split the same");
  return 0;
}
