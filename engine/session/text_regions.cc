#include "engine/session/text_regions.h"

#include <algorithm>
#include <array>

#include "engine/text/ascii.h"

namespace pgpm {

namespace {

bool continues_name(char c) {
  return is_alnum(c) || c == '_' || c == '$' || is_high(c);
}

/// The bytes that comments and quotes begin with: most begin none, and are passed over in runs.
constexpr std::array<bool, 256> beginnings() {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("-/\"'$")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> may_begin = beginnings();

class RegionReader {
 public:
  explicit RegionReader(std::string_view text) : text_(text) {}

  std::vector<TextRegion> read() {
    for (at_ = next_beginning(0); at_ < text_.size(); at_ = next_beginning(at_))
      if (!special()) ++at_;
    close_code(text_.size());
    return std::move(regions_);
  }

 private:
  std::size_t next_beginning(std::size_t at) const {
    while (at < text_.size() && !may_begin[static_cast<unsigned char>(text_[at])]) ++at;
    return at;
  }

  bool special() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("--")) return take(TextRegion::Kind::line_comment, line_end());
    if (rest.starts_with("/*")) return take(TextRegion::Kind::block_comment, comment_end());
    if (rest.front() == '"') return take(TextRegion::Kind::quoted, quote_end('"', false));
    if (rest.front() == '\'') return take(TextRegion::Kind::quoted, quote_end('\'', has_escapes()));
    if (rest.front() == '$') return dollar();
    return false;
  }

  bool take(TextRegion::Kind kind, std::size_t end) {
    close_code(at_);
    regions_.push_back({kind, at_, end});
    at_ = code_begin_ = end;
    return true;
  }

  void close_code(std::size_t end) {
    if (end > code_begin_) regions_.push_back({TextRegion::Kind::code, code_begin_, end});
    code_begin_ = end;
  }

  std::size_t line_end() const { return std::min(text_.find_first_of("\r\n", at_), text_.size()); }

  std::size_t comment_end() const {
    std::size_t depth = 0;
    for (std::size_t i = at_; i + 1 < text_.size(); ++i) {
      if (text_[i] == '/' && text_[i + 1] == '*') {
        ++depth;
        ++i;
      } else if (text_[i] == '*' && text_[i + 1] == '/') {
        ++i;
        if (--depth == 0) return i + 1;
      }
    }
    return text_.size();
  }

  /// A backslash escapes only behind an E that does not end a name.
  bool has_escapes() const {
    if (at_ == code_begin_ || to_lower(text_[at_ - 1]) != 'e') return false;
    return at_ < 2 || !continues_name(text_[at_ - 2]);
  }

  std::size_t quote_end(char quote, bool escapes) const {
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (escapes && text_[i] == '\\') {
        ++i;
      } else if (text_[i] == quote) {
        if (i + 1 >= text_.size() || text_[i + 1] != quote) return i + 1;
        ++i;
      }
    }
    return text_.size();
  }

  bool dollar() {
    if (at_ > 0 && at_ > code_begin_ && continues_name(text_[at_ - 1])) return false;
    std::size_t tag = at_ + 1;
    while (tag < text_.size() && text_[tag] != '$' && continues_name(text_[tag])) ++tag;
    if (tag >= text_.size() || text_[tag] != '$' || is_digit(text_[at_ + 1])) return false;
    const std::string_view delimiter = text_.substr(at_, tag + 1 - at_);
    const std::size_t close = text_.find(delimiter, tag + 1);
    return take(TextRegion::Kind::quoted,
                close == std::string_view::npos ? text_.size() : close + delimiter.size());
  }

  std::string_view text_;
  std::size_t at_ = 0, code_begin_ = 0;
  std::vector<TextRegion> regions_;
};

}  // namespace

std::vector<TextRegion> text_regions(std::string_view text) {
  return RegionReader(text).read();
}

}  // namespace pgpm
