#include "engine/workspace/json_object.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/text/source_text.h"
#include "engine/workspace/findings.h"

namespace pgpm {
namespace {

using Json = nlohmann::json;

/// What nlohmann says in "[json.exception.parse_error.101] parse error at line 1, column 2: WHAT"
/// is WHAT.
std::string reason(const std::string& message) {
  const std::size_t at = message.find(": ");
  return at == std::string::npos ? message : message.substr(at + 2);
}

}  // namespace

std::optional<nlohmann::json> parse_json_object(const std::string& file, const std::string& text,
                                                Severity severity,
                                                std::vector<Diagnostic>& diagnostics) {
  try {
    Json json = Json::parse(text);
    if (json.is_object()) return json;
    diagnostics.push_back(file_finding(severity, file, "the file must hold a JSON object"));
  } catch (const Json::parse_error& error) {
    const SourceText source(file, text);
    const std::size_t offset = std::min(error.byte > 0 ? error.byte - 1 : 0, text.size());
    diagnostics.push_back(Diagnostic{severity,
                                     source.location(offset),
                                     "this is no JSON: " + reason(error.what()),
                                     std::string(source.line_at(offset)),
                                     {}});
  } catch (const Json::out_of_range& error) {  // a number larger than a double; it has no place
    diagnostics.push_back(file_finding(severity, file, "this is no JSON: " + reason(error.what())));
  }
  return std::nullopt;
}

}  // namespace pgpm
