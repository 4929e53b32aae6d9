#include "engine/distribution/json_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/text/file.h"
#include "engine/workspace/json_object.h"
#include "pgpm/distribution.h"

namespace pgpm {

using Json = nlohmann::ordered_json;

Json read_json_file(const std::filesystem::path& file) {
  const auto text = read_regular_file(file);
  if (!text)
    throw Error(ErrorCode::configuration, fmt::format("{} does not exist", shown_path(file)));
  Json json = Json::parse(*text, nullptr, false);
  if (json.is_object()) return json;
  std::vector<Diagnostic> why;
  parse_json_object(shown_path(file), *text, Severity::error, why);
  Error error(ErrorCode::configuration,
              fmt::format("{} does not hold a JSON object", shown_path(file)));
  if (!why.empty() && why.front().where.line > 0) error.with(std::move(why));
  throw error;
}

void write_json_file(const std::filesystem::path& file, const Json& json) {
  replace_file(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::string text_member(const Json& json, const char* name) {
  const auto member = json.find(name);
  return member != json.end() && member->is_string() ? member->get<std::string>() : std::string();
}

NpmFields read_npm_fields(const std::filesystem::path& package_json) {
  const Json json = read_json_file(package_json);
  NpmFields fields{text_member(json, "name"), text_member(json, "version"), {}};
  const auto dependencies = json.find("dependencies");
  if (dependencies != json.end() && dependencies->is_object())
    for (const auto& [name, version] : dependencies->items())
      if (version.is_string()) fields.dependencies.emplace_back(name, version.get<std::string>());
  return fields;
}

}  // namespace pgpm
