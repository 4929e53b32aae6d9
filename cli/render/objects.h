// What a run over managed objects would do or did, in words and as JSON.
#pragma once

#include <string>

#include "cli/render/graph.h"
#include "cli/render/json_values.h"
#include "cli/style.h"
#include "pgpm/objects.h"

namespace pgpm::cli {

/// "PLAN:", what is pending, and the order of execution.
std::string show_object_plan(const ObjectReport& report, const Style& style);
/// One line as it happens: "  ✓ Created view: user_stats".
std::string show_object_step(const ObjectStep& step, const Style& style);
/// What comes behind those lines.
std::string show_object_result(const ObjectReport& report, const Style& style);
/// What graph_dot() and its like draw.
DrawnGraph drawn(const DeclaredGraph& graph);
Json to_json(const ObjectStep& step);
Json to_json(const ObjectChange& change);
Json to_json(const ObjectReport& report);

}  // namespace pgpm::cli
