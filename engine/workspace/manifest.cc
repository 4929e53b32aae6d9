#include "engine/workspace/manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "engine/text/file.h"
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

std::optional<Json> parse_object(const std::string& file, const std::string& text,
                                 Severity severity, std::vector<Diagnostic>& diagnostics) {
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
  }
  return std::nullopt;
}

void read_packages(const Json& json, const std::string& file, Manifest& manifest,
                   std::vector<Diagnostic>& diagnostics) {
  const auto found = json.find("packages");
  if (found == json.end()) return;
  const auto refuse = [&] {
    diagnostics.push_back(file_finding(Severity::error, file,
                                       "\"packages\" must be a list of patterns",
                                       "for example {\"packages\": [\"packages/*\"]}"));
  };
  if (!found->is_array()) return refuse();
  for (const Json& pattern : *found) {
    if (!pattern.is_string()) return refuse();
    manifest.packages.push_back(pattern.get<std::string>());
  }
}

}  // namespace

Manifest read_manifest(const std::string& file, const std::string& text,
                       std::vector<Diagnostic>& diagnostics) {
  Manifest manifest;
  const auto json = parse_object(file, text, Severity::error, diagnostics);
  if (!json) return manifest;
  read_packages(*json, file, manifest, diagnostics);
  const auto dir = json->find("extensionsDir");
  if (dir == json->end()) return manifest;
  if (dir->is_string() && !dir->get_ref<const std::string&>().empty()) {
    manifest.extensions_dir = dir->get<std::string>();
  } else {
    diagnostics.push_back(
        file_finding(Severity::error, file, "\"extensionsDir\" must be the name of a directory"));
  }
  return manifest;
}

std::string read_npm_name(const std::filesystem::path& file, std::vector<Diagnostic>& diagnostics) {
  const auto text = read_file(file);
  if (!text) return {};
  const auto json = parse_object(shown_path(file), *text, Severity::warning, diagnostics);
  if (!json) return {};
  const auto name = json->find("name");
  return name != json->end() && name->is_string() ? name->get<std::string>() : std::string();
}

}  // namespace pgpm
