#include "engine/text/nearest.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pgpm {
namespace {

/// Edit distance with swaps of neighbours counted once. Three rows are enough: a swap looks two
/// rows back.
class EditDistance {
 public:
  std::size_t between(std::string_view from, std::string_view to) {
    for (auto& row : rows_) row.resize(to.size() + 1);
    for (std::size_t column = 0; column <= to.size(); ++column) rows_[1][column] = column;
    for (std::size_t line = 1; line <= from.size(); ++line) {
      fill_row(from, to, line);
      std::rotate(rows_.begin(), rows_.begin() + 1, rows_.end());
    }
    return rows_[1][to.size()];
  }

 private:
  /// rows_[0] and rows_[1] belong to the two lines before, rows_[2] becomes this line's.
  void fill_row(std::string_view from, std::string_view to, std::size_t line) {
    auto& row = rows_[2];
    row[0] = line;
    for (std::size_t column = 1; column <= to.size(); ++column) {
      const bool same = from[line - 1] == to[column - 1];
      row[column] = std::min({rows_[1][column] + 1, row[column - 1] + 1,
                              rows_[1][column - 1] + (same ? std::size_t{0} : std::size_t{1})});
      const bool swapped = line > 1 && column > 1 && from[line - 1] == to[column - 2] &&
                           from[line - 2] == to[column - 1];
      if (swapped) row[column] = std::min(row[column], rows_[0][column - 2] + 1);
    }
  }

  std::array<std::vector<std::size_t>, 3> rows_;
};

std::size_t length_gap(std::string_view a, std::string_view b) {
  return a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
}

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  EditDistance distance;
  std::string_view best;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t allowed =
        std::max<std::size_t>(1, std::max(name.size(), candidate.size()) / 3);
    const std::size_t limit = best.empty() ? allowed + 1 : std::min(allowed + 1, best_distance);
    // The gap in length is a lower bound: among 100,000 names nearly all are ruled out by it.
    if (candidate.empty() || length_gap(name, candidate) >= limit) continue;
    const std::size_t found = distance.between(name, candidate);
    if (found >= limit) continue;
    best = candidate;
    best_distance = found;
  }
  return std::string(best);
}

}  // namespace pgpm
