#include "engine/sql/script_header.h"

#include <algorithm>
#include <array>

#include "engine/sql/lexer.h"
#include "engine/text/ascii.h"

namespace pgpm::sql {
namespace {

bool is_project_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return is_alnum(c) || c == '_' || c == '-'; });
}

/// Cuts the first word off.
std::string_view take_word(std::string_view& text) {
  text = trim_left(text);
  const auto end = std::find_if(text.begin(), text.end(), is_space);
  const auto length = static_cast<std::size_t>(end - text.begin());
  const std::string_view word = text.substr(0, length);
  text.remove_prefix(length);
  return word;
}

/// "requires: x" -> "x": what stands behind the label and its colon, or nullptr-like if it is
/// another label.
bool take_label(std::string_view& text, std::string_view label) {
  if (!istarts_with(text, label)) return false;
  const std::string_view behind = trim_left(text.substr(label.size()));
  if (behind.empty() || behind.front() != ':') return false;
  text = trim(behind.substr(1));
  return true;
}

class HeaderReader {
 public:
  HeaderReader(std::string_view text, std::vector<UnknownDirective>& unknown)
      : text_(text), unknown_(unknown) {}

  ScriptHeader read(std::size_t begin) {
    for (std::size_t at = begin; at < text_.size();) {
      const std::size_t line_end = std::min(text_.find('\n', at), text_.size());
      const std::string_view line = trim(text_.substr(at, line_end - at));
      if (line.substr(0, 2) == "--") {
        read_comment(trim(line.substr(2)));
      } else if (line.substr(0, 2) == "/*") {
        at = behind_block_comment(offset_of(line));
        continue;
      } else if (!line.empty() && line.front() != '\\') {
        break;
      }
      at = line_end + 1;
    }
    return std::move(header_);
  }

 private:
  std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - text_.data());
  }

  /// The comment's end is where the next token or, at least, no comment begins.
  std::size_t behind_block_comment(std::size_t begin) const {
    std::size_t depth = 0;
    for (std::size_t at = begin; at + 1 < text_.size();) {
      const std::string_view pair = text_.substr(at, 2);
      if (pair == "/*") ++depth;
      if (pair == "*/" && --depth == 0) return at + 2;
      at += pair == "/*" || pair == "*/" ? 2U : 1U;
    }
    return text_.size();
  }

  void read_comment(std::string_view comment) {
    if (take_label(comment, "requires")) {
      if (!comment.empty()) header_.requires_changes.emplace_back(comment);
    } else if (take_label(comment, "pgpm")) {
      read_directives(comment);
    } else if (header_.verb.empty()) {
      read_identity(comment);
    }
  }

  void read_directives(std::string_view words) {
    while (!trim(words).empty()) {
      std::string_view word = take_word(words);
      while (!word.empty() && word.back() == ',') word.remove_suffix(1);
      if (iequals(word, "no-transaction")) {
        header_.no_transaction = true;
      } else if (iequals(word, "irreversible")) {
        header_.irreversible = true;
      } else if (!word.empty()) {
        unknown_.push_back({std::string(word), offset_of(word)});
      }
    }
  }

  /// "Deploy [project:]change[ to pg]" and "Deploy: change"; prose that happens to begin with the
  /// word is not.
  void read_identity(std::string_view comment) {
    constexpr std::array<std::string_view, 3> verbs{"Deploy", "Revert", "Verify"};
    const auto verb = std::find_if(verbs.begin(), verbs.end(), [&](std::string_view known) {
      return comment.substr(0, known.size()) == known;
    });
    if (verb == verbs.end()) return;
    std::string_view rest = comment.substr(verb->size());
    if (rest.empty() || !(is_space(rest.front()) || rest.front() == ':')) return;
    if (rest.front() == ':') rest.remove_prefix(1);
    const std::string_view name = take_word(rest);
    if (name.empty() || !is_engine_clause(rest)) return;
    header_.verb = *verb;
    set_name(name);
  }

  /// Nothing, or "to pg", "from pg", "on pg".
  static bool is_engine_clause(std::string_view rest) {
    const std::string_view preposition = take_word(rest);
    const std::string_view engine = take_word(rest);
    if (preposition.empty()) return true;
    const bool known = preposition == "to" || preposition == "from" || preposition == "on";
    return known && !engine.empty() && trim(rest).empty();
  }

  void set_name(std::string_view name) {
    const std::size_t colon = name.find(':');
    if (colon != std::string_view::npos && colon + 1 < name.size() &&
        is_project_name(name.substr(0, colon))) {
      header_.project = name.substr(0, colon);
      name.remove_prefix(colon + 1);
    }
    header_.change = name;
    header_.change_offset = offset_of(name);
  }

  std::string_view text_;
  std::vector<UnknownDirective>& unknown_;
  ScriptHeader header_;
};

}  // namespace

ScriptHeader read_script_header(std::string_view text, std::size_t begin,
                                std::vector<UnknownDirective>& unknown) {
  return HeaderReader(text, unknown).read(begin);
}

}  // namespace pgpm::sql
