// Expected lines against the lines that came. A line "..." stands for any number of lines,
// {{regex}} inside a line for any text the expression matches; everything else is compared as it
// is. Pure: no files, no processes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgpm::tests {

/// One row of a comparison.
struct ComparedLine {
  enum class Kind {
    same,        ///< expected, and it came (or the line "..." itself)
    covered,     ///< came, and a "..." stands for it
    missing,     ///< expected, and it did not come
    unexpected,  ///< came, and nothing stands for it
  };
  Kind kind = Kind::same;
  std::string
      text;  ///< the expected line, wildcards and all, if there is one; else the actual line
};

class LineComparison {
 public:
  /// The comparison with the fewest differences.
  LineComparison(const std::vector<std::string>& expected, const std::vector<std::string>& actual);

  bool equal() const;
  /// " both", "-missing", "+unexpected"; long stretches of equal lines are cut to three around a
  /// difference.
  std::string to_string() const;
  /// The actual lines, keeping expected lines with wildcards where they still hold.
  std::vector<std::string> updated() const;

 private:
  std::vector<ComparedLine> lines_;
};

/// Without the line ends. A last line without one counts; "" has no lines.
std::vector<std::string> split_lines(std::string_view text);

}  // namespace pgpm::tests
