// JSON files that hold an object: pgpm.json, package.json.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "pgpm/error.h"

namespace pgpm {

/// The text as a JSON object; nullopt if it is none, which is appended to `diagnostics`.
std::optional<nlohmann::json> parse_json_object(const std::string& file, const std::string& text,
                                                Severity severity,
                                                std::vector<Diagnostic>& diagnostics);

}  // namespace pgpm
