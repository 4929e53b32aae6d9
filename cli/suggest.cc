#include "cli/suggest.h"

#include <algorithm>

#include <fmt/format.h>

namespace pgpm::cli {

namespace {
using Row = std::vector<std::size_t>;

std::size_t distance(std::string_view a, std::string_view b) {
  Row before_last, last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = now;
  }
  return last[b.size()];
}

bool is_completed_by(std::string_view word, std::string_view known) {
  return word.size() >= 3 && known.substr(0, word.size()) == word;
}
}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = 0;
  for (const std::string& candidate : known) {
    const std::size_t limit = std::max<std::size_t>(1, std::max(word.size(), candidate.size()) / 3);
    const std::size_t found = is_completed_by(word, candidate) ? 1 : distance(word, candidate);
    if (found > limit || (!best.empty() && found >= best_distance)) continue;
    best = candidate;
    best_distance = found;
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                         std::string_view prefix) {
  const std::string found = nearest(word, known);
  return found.empty() ? "" : fmt::format("; did you mean \"{}{}\"?", prefix, found);
}

}  // namespace pgpm::cli
