#include "engine/session/expanded_script.h"

#include <algorithm>
#include <iterator>

#include "engine/text/utf8.h"

namespace pgpm {

ExpandedScript::ExpandedScript(const SourceText& source, const std::vector<TestMacro>& macros,
                               const std::vector<std::string>& texts) {
  const std::string_view bytes = source.bytes();
  std::size_t at = 0;
  for (std::size_t i = 0; i < macros.size(); ++i) {
    add(bytes.substr(at, macros[i].begin - at), at, true);
    add(texts[i], macros[i].begin, false);
    at = macros[i].end;
  }
  add(bytes.substr(at), at, true);
  text_.replace(0, byte_order_mark(bytes), std::string(byte_order_mark(bytes), ' '));
}

void ExpandedScript::add(std::string_view text, std::size_t source, bool is_copy) {
  if (text.empty()) return;
  pieces_.push_back({text_.size(), source, is_copy});
  text_ += text;
}

std::size_t ExpandedScript::source_offset(std::size_t offset) const {
  const auto behind =
      std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                       [](std::size_t at, const Piece& piece) { return at < piece.begin; });
  if (behind == pieces_.begin()) return offset;
  const Piece& piece = *std::prev(behind);
  return piece.is_copy ? piece.source + (offset - piece.begin) : piece.source;
}

}  // namespace pgpm
