#include <catch2/catch.hpp>

#include "engine/resolve/graph.h"

using namespace pgpm;
using Numbers = std::vector<std::size_t>;

namespace {

RequirementGraph graph(std::size_t nodes,
                       const std::vector<std::pair<std::size_t, std::size_t>>& edges) {
  RequirementGraph graph(nodes);
  for (const auto& edge : edges) graph.add(edge.first, edge.second);
  return graph;
}

}  // namespace

TEST_CASE("without requirements the order is the one of the numbers") {
  CHECK(graph(4, {}).order() == Numbers{0, 1, 2, 3});
  CHECK(graph(0, {}).order().empty());
}

TEST_CASE("what is required comes first, everything else stays") {
  CHECK(graph(4, {{0, 2}}).order() == Numbers{1, 2, 0, 3});
  CHECK(graph(4, {{0, 3}, {3, 1}, {0, 3}}).order() == Numbers{1, 2, 3, 0});
  CHECK(graph(4, {{0, 1}, {0, 2}, {1, 3}, {2, 3}}).order() == Numbers{3, 1, 2, 0});
}

TEST_CASE("a circle is given as its whole path, the shortest through its smallest number") {
  CHECK(graph(3, {{0, 1}, {1, 2}, {2, 0}}).cycles() == std::vector<Numbers>{{0, 1, 2, 0}});
  CHECK(graph(4, {{1, 2}, {2, 3}, {3, 1}, {2, 1}, {0, 1}}).cycles() ==
        std::vector<Numbers>{{1, 2, 1}});
  CHECK(graph(2, {{1, 1}}).cycles() == std::vector<Numbers>{{1, 1}});
  CHECK(graph(4, {{0, 1}, {1, 0}, {2, 3}, {3, 2}}).cycles() ==
        std::vector<Numbers>{{0, 1, 0}, {2, 3, 2}});
  CHECK(graph(3, {{0, 1}, {1, 2}}).cycles().empty());
  CHECK(graph(4, {{1, 2}, {2, 1}, {3, 1}}).order() == Numbers{0});
}

TEST_CASE("the closure holds what is required at any distance") {
  const RequirementGraph chain = graph(5, {{0, 1}, {1, 2}, {3, 2}, {2, 1}});
  CHECK(chain.closure({0}) == std::vector<bool>{true, true, true, false, false});
  CHECK(chain.closure({}) == std::vector<bool>(5, false));
  CHECK(chain.reaches(0, 2));
  CHECK_FALSE(chain.reaches(2, 0));
  CHECK_FALSE(chain.reaches(0, 0));
  CHECK(chain.reaches(1, 1));
}

TEST_CASE("a chain of 100,000 needs no stack") {
  RequirementGraph chain(100000);
  for (std::size_t i = 0; i + 1 < 100000; ++i) chain.add(i, i + 1);
  CHECK(chain.order().front() == 99999);
  CHECK(chain.cycles().empty());
  chain.add(99999, 0);
  CHECK(chain.cycles().at(0).size() == 100001);
}
