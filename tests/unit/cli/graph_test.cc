// Drawings of graphs: layers, and text that other programs have to read.
#include "cli/render/graph.h"

#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "cli/render/graph_layout.h"

namespace pgpm::cli {
namespace {

using State = DrawnGraph::State;

/// d requires b and c, which require a; e is alone.
DrawnGraph diamond() {
  DrawnGraph graph;
  for (const char* name : {"a", "b", "c", "d \"x\" <y>", "e"})
    graph.nodes.push_back({name, {}, {}});
  graph.nodes[0].state = State::deployed;
  graph.nodes[0].note = "@v1";
  graph.edges = {{1, 0}, {2, 0}, {3, 1}, {3, 2}};
  return graph;
}

TEST_CASE("what is required stands in a lower layer, also across several") {
  const GraphLayout layout = lay_out(5, {{1, 0}, {2, 0}, {3, 1}, {3, 2}, {3, 0}});
  CHECK(layout.places[0].layer == 0);
  CHECK(layout.places[1].layer == 1);
  CHECK(layout.places[2].layer == 1);
  CHECK(layout.places[3].layer == 2);
  CHECK(layout.places[4].layer == 0);
  CHECK(layout.layers.size() == 3);
  CHECK(layout.layers[1] == std::vector<std::size_t>{1, 2});
}

TEST_CASE("neighbours pull nodes together: no needless crossing") {
  // 2 requires 1, 3 requires 0: in index order the edges would cross.
  const GraphLayout layout = lay_out(4, {{2, 1}, {3, 0}});
  CHECK((layout.places[1].position < layout.places[0].position) ==
        (layout.places[2].position < layout.places[3].position));
}

TEST_CASE("a cycle and a long chain are laid out, too") {
  CHECK(lay_out(2, {{0, 1}, {1, 0}}).places.size() == 2);
  std::vector<std::pair<std::size_t, std::size_t>> chain;
  for (std::size_t i = 1; i < 50000; ++i) chain.emplace_back(i, i - 1);
  CHECK(lay_out(50000, chain).layers.size() == 50000);
}

TEST_CASE("a tree shows what a node requires once") {
  CHECK(graph_tree(diamond(), Style{}) ==
        "d \"x\" <y>\n"
        "|- b\n"
        "|  `- a @v1\n"
        "`- c\n"
        "   `- a @v1\n"
        "e\n");
  DrawnGraph twice = diamond();
  twice.nodes.push_back({"f", {}, {}});
  twice.edges.emplace_back(5, 1);
  CHECK(graph_tree(twice, Style{}).find("f\n`- b (see above)\n") != std::string::npos);
}

TEST_CASE("DOT and Mermaid quote what would end a label") {
  const std::string dot = graph_dot(diamond());
  CHECK(dot.find("\"d \\\"x\\\" <y>\" [label=\"d \\\"x\\\" <y>\"") != std::string::npos);
  CHECK(dot.find("\"b\" -> \"a\";") != std::string::npos);
  const std::string mermaid = graph_mermaid(diamond());
  CHECK(mermaid.find("n0[\"a @v1\"]:::deployed") != std::string::npos);
  CHECK(mermaid.find("n3[\"d #quot;x#quot; #lt;y>\"]") != std::string::npos);
  CHECK(mermaid.find("n1 --> n0") != std::string::npos);
}

TEST_CASE(
    "SVG is well-formed, with a box for each node, an arrow for each edge, none overlapping") {
  pugi::xml_document document;
  REQUIRE(document.load_string(graph_svg(diamond()).c_str()));
  const auto svg = document.child("svg");
  CHECK(
      std::string(svg.find_child_by_attribute("text", "x", svg.child("text").attribute("x").value())
                      .text()
                      .get()) == "a @v1");
  std::size_t boxes = 0, arrows = 0;
  double right = -1, row = -1;
  for (const auto& box : svg.children("rect")) {
    ++boxes;
    const double x = box.attribute("x").as_double(), y = box.attribute("y").as_double();
    if (y == row) CHECK(x >= right);
    row = y;
    right = x + box.attribute("width").as_double();
    CHECK(x >= 0);
    CHECK(right <= svg.attribute("width").as_double());
    CHECK(y + box.attribute("height").as_double() <= svg.attribute("height").as_double());
  }
  for (const auto& path : svg.children("path")) arrows += path.attribute("marker-end") ? 1u : 0u;
  CHECK(boxes == 5);
  CHECK(arrows == 4);
  CHECK(document.load_string(graph_svg(DrawnGraph{}).c_str()));
}

}  // namespace
}  // namespace pgpm::cli
