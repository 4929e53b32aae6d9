// How many threads read files side by side.
#pragma once

#include <algorithm>
#include <cstddef>
#include <thread>

namespace pgpm {

/// One for each `items_per_thread`, below which a thread costs more than it saves, but no more than
/// cores, and four; 0 if there are fewer items.
inline std::size_t reader_threads(std::size_t items, std::size_t items_per_thread) {
  constexpr std::size_t most = 4;
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  return std::min({items / items_per_thread, cores, most});
}

}  // namespace pgpm
