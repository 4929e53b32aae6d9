#include "cli/snapshot_file.h"

#include <fmt/format.h>

#include <optional>

#include "engine/text/file.h"
#include "engine/text/source_text.h"

namespace pgpm::cli {

namespace {

constexpr const char* format_name = "pgpm snapshot";
constexpr int format_version = 1;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw Error(ErrorCode::configuration, why)
      .at({shown_path(path), 0, 0})
      .hint("pgpm snapshot -o FILE writes one.");
}

Json parsed(const std::filesystem::path& path, const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const SourceText source(shown_path(path), text);
    throw Error(ErrorCode::configuration, "this is not JSON, so it is no snapshot")
        .at(source.location(error.byte > 0 ? error.byte - 1 : 0))
        .hint("pgpm snapshot -o FILE writes one.");
  }
}

void check_format(const std::filesystem::path& path, const Json& document) {
  if (!document.is_object() || document.value("format", "") != format_name)
    refuse(path, "this is JSON, but not a snapshot");
  const int version = document.at("format_version").get<int>();
  if (version > format_version)
    throw Error(ErrorCode::configuration,
                fmt::format("the snapshot has format {}; this pgpm reads up to format {}", version,
                            format_version))
        .at({shown_path(path), 0, 0})
        .hint("Use a newer pgpm, or take the snapshot again with this one.");
}

CatalogObject object_of(const Json& json) {
  CatalogObject object{json.at("kind"), json.at("identity"), json.value("within", ""), {}};
  for (const auto& [name, value] : json.at("facts").items())
    object.facts.push_back({name, value.get<std::string>()});
  return object;
}

KeptSnapshot kept_of(const Json& document) {
  KeptSnapshot kept;
  kept.snapshot.database = document.at("database");
  kept.snapshot.server_version = document.at("server_version");
  if (document.at("cluster").get<bool>()) kept.covers.cluster = ClusterObjects::include;
  kept.covers.exclude_schemas = document.at("excluded_schemas");
  for (const Json& object : document.at("objects"))
    kept.snapshot.objects.push_back(object_of(object));
  kept.snapshot.digest = document.at("digest");
  return kept;
}

}  // namespace

CatalogSnapshot without_secrets(CatalogSnapshot snapshot) {
  bool changed = false;
  for (CatalogObject& object : snapshot.objects) {
    for (CatalogFact& fact : object.facts) {
      std::string shown = redact(fact.value);
      changed |= shown != fact.value;
      fact.value = std::move(shown);
    }
  }
  if (changed) snapshot.digest = catalog_digest(snapshot.objects);
  return snapshot;
}

Json to_json(const CatalogObject& object) {
  Json json{{"kind", object.kind}, {"identity", object.identity}};
  if (!object.within.empty()) json["within"] = object.within;
  Json facts = Json::object();
  for (const CatalogFact& fact : object.facts) facts[fact.name] = fact.value;
  json["facts"] = std::move(facts);
  return json;
}

Json to_json(const KeptSnapshot& kept) {
  Json objects = Json::array();
  for (const CatalogObject& object : kept.snapshot.objects) objects.push_back(to_json(object));
  return Json{{"format", format_name},
              {"format_version", format_version},
              {"database", kept.snapshot.database},
              {"server_version", kept.snapshot.server_version},
              {"cluster", kept.covers.cluster == ClusterObjects::include},
              {"excluded_schemas", kept.covers.exclude_schemas},
              {"digest", kept.snapshot.digest},
              {"objects", std::move(objects)}};
}

KeptSnapshot read_snapshot_file(const std::filesystem::path& path) {
  const std::optional<std::string> text = read_file(path);
  if (!text) refuse(path, "there is no such snapshot file");
  const Json document = parsed(path, *text);
  try {
    check_format(path, document);
    KeptSnapshot kept = kept_of(document);
    if (kept.snapshot.digest != catalog_digest(kept.snapshot.objects))
      refuse(path, "the snapshot was changed after it was written: its digest does not fit");
    return kept;
  } catch (const Json::exception&) {
    refuse(path, "the snapshot is incomplete or was changed after it was written");
  }
}

}  // namespace pgpm::cli
