// One line of a plan, taken apart. Knows the grammar of a line and nothing of the lines around it:
//
//   change = [+] name ["[" {[!] reference} "]"] [timestamp [planner] [<email>] [# note]]
//   tag    = "@" name [change] timestamp planner <email> [# note]
//   pragma = "%" name ["=" value] [# comment]
//
// That is upstream's and Sqitch's grammar together. Where one of them reads nonsense silently, a
// warning says so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pgpm/plan.h"

namespace pgpm {

/// A finding in a line; `offset` is a byte of the line.
struct LineProblem {
  Severity severity = Severity::error;
  std::size_t offset = 0;
  std::string message, hint;
};
using LineProblems = std::vector<LineProblem>;

enum class LineKind { blank, comment, pragma, tag, change };
/// What a line is, by its first character that is not blank.
LineKind line_kind(std::string_view line);

struct PragmaLine {
  std::string_view name, value;  ///< trimmed; value "" if there is none
  std::size_t name_offset = 0, value_offset = 0;
};
PragmaLine parse_pragma(std::string_view line);

/// False if the line cannot be a change at all (then there are problems). With other problems the
/// change still counts, so that references to it are not reported as well. Dependency::column is
/// set.
bool parse_change(std::string_view line, Change& change, LineProblems& problems);

struct TagLine {
  Tag tag;
  std::string place;  ///< the change it names; "" = the one above
  std::size_t place_offset = 0;
};
bool parse_tag(std::string_view line, TagLine& tag, LineProblems& problems);

/// 1-based columns, in characters. Asked from left to right it counts each byte once: a line may
/// hold a million references.
class ColumnCounter {
 public:
  explicit ColumnCounter(std::string_view line) : line_(line) {}
  std::size_t of(std::size_t offset);

 private:
  std::string_view line_;
  std::size_t at_ = 0, characters_ = 0;
};

bool is_timestamp(std::string_view text);  ///< the shape dddd-dd-ddTdd:dd:ddZ
std::string unescape_note(std::string_view note);

}  // namespace pgpm
