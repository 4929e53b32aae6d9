#include "engine/workspace/manifest.h"

#include <nlohmann/json.hpp>

#include "engine/text/file.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/json_object.h"

namespace pgpm {
namespace {

using Json = nlohmann::json;

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
  const auto json = parse_json_object(file, text, Severity::error, diagnostics);
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
  const auto text = read_regular_file(file);
  if (!text) return {};
  const auto json = parse_json_object(shown_path(file), *text, Severity::warning, diagnostics);
  if (!json) return {};
  const auto name = json->find("name");
  return name != json->end() && name->is_string() ? name->get<std::string>() : std::string();
}

}  // namespace pgpm
