#include "tests/support/line_match.h"

#include <algorithm>
#include <optional>
#include <regex>

namespace pgpm::tests {
namespace {

constexpr std::string_view any_lines = "...";

std::string escaped(std::string_view literal) {
  std::string pattern;
  for (const char c : literal) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

/// An expected line, compiled once.
class LinePattern {
 public:
  explicit LinePattern(const std::string& text) : text_(text) {
    std::string pattern;
    std::size_t at = 0;
    for (;;) {
      const std::size_t open = text.find("{{", at);
      const std::size_t close = open == std::string::npos ? open : text.find("}}", open);
      if (close == std::string::npos) break;
      pattern += escaped(std::string_view(text).substr(at, open - at));
      pattern += "(?:" + text.substr(open + 2, close - open - 2) + ")";
      at = close + 2;
    }
    if (at > 0) regex_.emplace(pattern + escaped(std::string_view(text).substr(at)));
  }

  bool matches(const std::string& line) const {
    return regex_ ? std::regex_match(line, *regex_) : line == text_;
  }
  bool takes_any_lines() const { return text_ == any_lines; }

 private:
  std::string text_;
  std::optional<std::regex> regex_;
};

/// Edit distances of all tails: at(i, j) compares expected[i..] with actual[j..].
class Distances {
 public:
  Distances(const std::vector<LinePattern>& expected, const std::vector<std::string>& actual)
      : expected_(expected), actual_(actual), columns_(actual.size() + 1) {
    cells_.resize((expected.size() + 1) * columns_);
    for (std::size_t i = expected.size() + 1; i-- > 0;)
      for (std::size_t j = columns_; j-- > 0;) cells_[i * columns_ + j] = compute(i, j);
  }

  std::size_t at(std::size_t i, std::size_t j) const { return cells_[i * columns_ + j]; }
  bool has_expected(std::size_t i) const { return i < expected_.size(); }
  bool has_actual(std::size_t j) const { return j + 1 < columns_; }
  bool same(std::size_t i, std::size_t j) const {
    return has_expected(i) && has_actual(j) && expected_[i].matches(actual_[j]);
  }
  bool any(std::size_t i) const { return has_expected(i) && expected_[i].takes_any_lines(); }

 private:
  std::size_t compute(std::size_t i, std::size_t j) const {
    std::size_t best = expected_.size() + columns_;
    if (!has_expected(i) && !has_actual(j)) return 0;
    if (any(i))
      best = std::min(best, has_actual(j) ? std::min(at(i + 1, j), at(i, j + 1)) : at(i + 1, j));
    if (same(i, j)) best = std::min(best, at(i + 1, j + 1));
    if (has_expected(i)) best = std::min(best, at(i + 1, j) + 1);
    if (has_actual(j)) best = std::min(best, at(i, j + 1) + 1);
    return best;
  }

  const std::vector<LinePattern>& expected_;
  const std::vector<std::string>& actual_;
  std::size_t columns_;
  std::vector<std::size_t> cells_;
};

}  // namespace

LineComparison::LineComparison(const std::vector<std::string>& expected,
                               const std::vector<std::string>& actual) {
  using Kind = ComparedLine::Kind;
  const std::vector<LinePattern> patterns(expected.begin(), expected.end());
  const Distances distance(patterns, actual);
  std::size_t i = 0, j = 0;
  while (distance.has_expected(i) || distance.has_actual(j)) {
    const std::size_t here = distance.at(i, j);
    if (distance.same(i, j) && distance.at(i + 1, j + 1) == here) {
      lines_.push_back({Kind::same, expected[i++]});
      ++j;
    } else if (distance.any(i) && distance.at(i + 1, j) == here) {
      lines_.push_back({Kind::same, expected[i++]});
    } else if (distance.any(i) && distance.has_actual(j) && distance.at(i, j + 1) == here) {
      lines_.push_back({Kind::covered, actual[j++]});
    } else if (distance.has_expected(i) && distance.at(i + 1, j) + 1 == here) {
      lines_.push_back({Kind::missing, expected[i++]});
    } else {
      lines_.push_back({Kind::unexpected, actual[j++]});
    }
  }
}

namespace {

bool differs(const ComparedLine& line) {
  return line.kind == ComparedLine::Kind::missing || line.kind == ComparedLine::Kind::unexpected;
}

}  // namespace

bool LineComparison::equal() const {
  return std::none_of(lines_.begin(), lines_.end(), differs);
}

std::string LineComparison::to_string() const {
  constexpr std::size_t around = 3;
  std::vector<bool> shown(lines_.size(), false);
  for (std::size_t i = 0; i < lines_.size(); ++i)
    if (differs(lines_[i]))
      for (std::size_t k = i < around ? 0 : i - around; k < std::min(lines_.size(), i + around + 1);
           ++k)
        shown[k] = true;
  std::string text;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const ComparedLine::Kind kind = lines_[i].kind;
    if (!shown[i] && i > 0 && !shown[i - 1]) continue;
    const char* mark = kind == ComparedLine::Kind::missing      ? "- "
                       : kind == ComparedLine::Kind::unexpected ? "+ "
                                                                : "  ";
    text += (shown[i] ? mark + lines_[i].text : "  [...]") + "\n";
  }
  return text;
}

std::vector<std::string> LineComparison::updated() const {
  std::vector<std::string> lines;
  for (const ComparedLine& line : lines_)
    if (line.kind == ComparedLine::Kind::same || line.kind == ComparedLine::Kind::unexpected)
      lines.push_back(line.text);
  return lines;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

}  // namespace pgpm::tests
