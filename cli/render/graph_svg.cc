// SVG by our own layout, for where Graphviz is not installed. The document is built and escaped by
// pugixml.
#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "cli/render/graph.h"
#include "cli/render/graph_layout.h"

namespace pgpm::cli {
namespace {

constexpr double box_height = 28, layer_distance = 76, gap = 24, margin = 16, cell_width = 7.4;

struct Box {
  double x = 0, y = 0, width = 0;
  double middle() const { return x + width / 2; }
};

std::string label_of(const DrawnGraph::Node& node) {
  return node.note.empty() ? node.name : node.name + " " + node.note;
}

double width_of(const DrawnGraph::Node& node) {
  return std::max(48.0, static_cast<double>(cells(label_of(node))) * cell_width + 20);
}

double layer_width(const DrawnGraph& graph, const std::vector<std::size_t>& layer) {
  double width = -gap;
  for (const std::size_t node : layer) width += width_of(graph.nodes[node]) + gap;
  return width;
}

/// Layer 0 at the bottom: an arrow leads down to what is required.
std::vector<Box> place_boxes(const DrawnGraph& graph, const GraphLayout& layout, double width) {
  std::vector<Box> boxes(graph.nodes.size());
  for (std::size_t number = 0; number < layout.layers.size(); ++number) {
    double x = margin + (width - layer_width(graph, layout.layers[number])) / 2;
    for (const std::size_t node : layout.layers[number]) {
      const double rows_above = static_cast<double>(layout.layers.size() - 1 - number);
      boxes[node] = {x, margin + rows_above * layer_distance, width_of(graph.nodes[node])};
      x += boxes[node].width + gap;
    }
  }
  return boxes;
}

std::string number(double value) {
  return fmt::format("{:.1f}", value);
}

void add_arrow_head(pugi::xml_node svg) {
  pugi::xml_node marker = svg.append_child("defs").append_child("marker");
  for (const auto& [name, value] : {std::pair{"id", "arrow"},
                                    {"viewBox", "0 0 8 8"},
                                    {"refX", "8"},
                                    {"refY", "4"},
                                    {"markerWidth", "7"},
                                    {"markerHeight", "7"},
                                    {"orient", "auto"}})
    marker.append_attribute(name) = value;
  pugi::xml_node path = marker.append_child("path");
  path.append_attribute("d") = "M0 0 L8 4 L0 8 z";
  path.append_attribute("fill") = "#555555";
}

void add_edge(pugi::xml_node svg, const Box& dependent, const Box& required) {
  const double from = dependent.y + box_height, to = required.y, half = (to - from) / 2;
  pugi::xml_node path = svg.append_child("path");
  path.append_attribute("d") =
      fmt::format("M{} {} C{} {} {} {} {} {}", number(dependent.middle()), number(from),
                  number(dependent.middle()), number(from + half), number(required.middle()),
                  number(to - half), number(required.middle()), number(to))
          .c_str();
  path.append_attribute("fill") = "none";
  path.append_attribute("stroke") = "#555555";
  path.append_attribute("marker-end") = "url(#arrow)";
}

void add_box(pugi::xml_node svg, const Box& box, const DrawnGraph::Node& node) {
  pugi::xml_node rectangle = svg.append_child("rect");
  rectangle.append_attribute("x") = number(box.x).c_str();
  rectangle.append_attribute("y") = number(box.y).c_str();
  rectangle.append_attribute("width") = number(box.width).c_str();
  rectangle.append_attribute("height") = number(box_height).c_str();
  rectangle.append_attribute("rx") = "6";
  rectangle.append_attribute("fill") = fill_colour(node.state);
  rectangle.append_attribute("stroke") = "#555555";
  pugi::xml_node text = svg.append_child("text");
  text.append_attribute("x") = number(box.middle()).c_str();
  text.append_attribute("y") = number(box.y + box_height / 2 + 4).c_str();
  text.append_attribute("text-anchor") = "middle";
  text.text() = printable(label_of(node)).c_str();
}

}  // namespace

std::string graph_svg(const DrawnGraph& graph) {
  const GraphLayout layout = lay_out(graph.nodes.size(), graph.edges);
  double width = 0;
  for (const auto& layer : layout.layers) width = std::max(width, layer_width(graph, layer));
  const double height =
      static_cast<double>(std::max<std::size_t>(layout.layers.size(), 1) - 1) * layer_distance +
      box_height;
  pugi::xml_document document;
  pugi::xml_node svg = document.append_child("svg");
  svg.append_attribute("xmlns") = "http://www.w3.org/2000/svg";
  svg.append_attribute("width") = number(width + 2 * margin).c_str();
  svg.append_attribute("height") = number(height + 2 * margin).c_str();
  svg.append_attribute("font-family") = "sans-serif";
  svg.append_attribute("font-size") = "12";
  add_arrow_head(svg);
  const std::vector<Box> boxes = place_boxes(graph, layout, width);
  for (const auto& [dependent, required] : graph.edges)
    add_edge(svg, boxes[dependent], boxes[required]);
  for (std::size_t node = 0; node < boxes.size(); ++node)
    add_box(svg, boxes[node], graph.nodes[node]);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace pgpm::cli
