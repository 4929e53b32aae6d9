#include "engine/distribution/bundle.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/distribution/extension_script.h"
#include "engine/text/digest.h"
#include "engine/text/file.h"

namespace pgpm {
namespace {

using Json = nlohmann::ordered_json;

/// Of a change: its name and the digests of its parts, one a line; what is missing is an empty
/// line.
std::string change_digest(const Json& change) {
  const auto digest = [&](const char* part) {
    const auto found = change.find(part);
    return found == change.end() || found->is_null() ? std::string()
                                                     : found->value("digest", std::string());
  };
  std::string text = fmt::format("{}\n{}\n{}\n{}", change.value("name", std::string()),
                                 digest("deploy"), digest("revert"), digest("verify"));
  if (change.contains("exec")) text += "\n" + digest("exec");
  return sha256_hex(text);
}

std::string whole_digest(const Json& bundle) {
  const auto control = bundle.find("control");
  const std::string control_text = control == bundle.end() || control->is_null()
                                       ? std::string()
                                       : control->value("content", std::string());
  std::string text = bundle.value("plan", std::string()) + "\n" + control_text + "\n";
  bool first = true;
  for (const Json& change : bundle.at("changes")) {
    if (!first) text += "\n";
    text += change_digest(change);
    first = false;
  }
  return sha256_hex(text);
}

Json script_json(const Module& module, Module::ScriptKind kind, const std::string& name) {
  const auto text = read_regular_file(module.script_path(kind, name));
  if (!text) return nullptr;
  return Json{{"kind", script_kind_name(kind)}, {"sql", *text}, {"digest", sha256_hex(*text)}};
}

Json change_json(const Module& module, const Change& change) {
  Json dependencies = Json::array();
  for (const Dependency& dependency : change.dependencies)
    if (dependency.kind == Dependency::Kind::requires_change)
      dependencies.push_back(dependency.text);
  Json json{{"name", change.script_name}, {"dependencies", dependencies}};
  for (const auto kind :
       {Module::ScriptKind::deploy, Module::ScriptKind::revert, Module::ScriptKind::verify})
    json[script_kind_name(kind)] = script_json(module, kind, change.script_name);
  json["digest"] = nullptr;  // in front of "exec", as upstream has it
  if (!json["deploy"].is_null()) {
    const std::string text = executable_text(change.script_name, json["deploy"]["sql"]);
    json["exec"] = Json{{"sql", text}, {"digest", sha256_hex(text)}};
  }
  json["digest"] = change_digest(json);
  return json;
}

Json control_json(const Module& module) {
  const std::string file = module.name + ".control";
  const auto text = read_regular_file(module.dir / file);
  if (!text) return nullptr;
  return Json{{"fileName", file}, {"content", *text}};
}

}  // namespace

std::string bundle_document(const Module& module) {
  Json changes = Json::array(), order = Json::array();
  for (const Change& change : module.plan.changes) {
    changes.push_back(change_json(module, change));
    order.push_back(change.script_name);
  }
  Json bundle{{"manifest", nullptr},
              {"plan", module.plan.text},
              {"control", control_json(module)},
              {"changes", changes}};
  bundle["manifest"] = Json{{"formatVersion", "1"},  {"name", module.name},
                            {"createdWith", "pgpm"}, {"changeCount", changes.size()},
                            {"deployOrder", order},  {"digest", whole_digest(bundle)}};
  return bundle.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

BundleDigests read_bundle_document(const std::string& document) {
  const Json bundle = Json::parse(document, nullptr, false);
  try {
    BundleDigests digests;
    digests.stated = bundle.at("manifest").at("digest").get<std::string>();
    digests.plan = sha256_hex(bundle.at("plan").get<std::string>());
    for (const Json& change : bundle.at("changes")) {
      const Json& deploy = change.at("deploy");
      const std::string sql = deploy.is_null() ? "" : deploy.at("sql").get<std::string>();
      const bool intact = deploy.is_null() || deploy.at("digest") == sha256_hex(sql);
      digests.deploy.emplace_back(change.at("name").get<std::string>(), sha256_hex(sql));
      if (!intact) digests.computed = "a script's digest is not that of its text";
    }
    if (digests.computed.empty()) digests.computed = whole_digest(bundle);
    return digests;
  } catch (const Json::exception&) {
    throw Error(ErrorCode::configuration, "the document is no bundle");
  }
}

std::string bundle_digest(const std::string& document) {
  return read_bundle_document(document).computed;
}

}  // namespace pgpm
