// Where the boxes of a drawn graph go: in layers, what is required above what requires it. A small
// version of Sugiyama's method: layers by the longest path, order inside a layer by the mean
// position of the neighbours, swept down and up a few times.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace pgpm::cli {

struct GraphLayout {
  struct Place {
    std::size_t layer = 0;     ///< 0 = requires nothing
    std::size_t position = 0;  ///< inside its layer, from the left
  };
  std::vector<Place> places;                     ///< one per node
  std::vector<std::vector<std::size_t>> layers;  ///< nodes, from the left
};

/// `edges` are (dependent, required); cycles are laid out as if the edge that closes them were not
/// there.
GraphLayout lay_out(std::size_t nodes,
                    const std::vector<std::pair<std::size_t, std::size_t>>& edges);

}  // namespace pgpm::cli
