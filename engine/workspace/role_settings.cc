// What pgpm.json says about roles: "db": {"roles": {...}, "connections": {"app": {...}, ...}}.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/text/file.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/json_object.h"
#include "engine/workspace/module_search.h"
#include "pgpm/roles.h"

namespace pgpm {
namespace {

using Json = nlohmann::json;

class RoleSettingsReader {
 public:
  explicit RoleSettingsReader(std::string file) : file_(std::move(file)) {}

  RoleSettings read(const std::string& text) {
    RoleSettings settings;
    const auto manifest = parse_json_object(file_, text, Severity::error, problems_);
    if (!manifest) {
      hide_text();
      return settings;
    }
    const Json db = object_in(*manifest, "db", "db");
    const Json roles = object_in(db, "roles", "db.roles");
    take(roles, "anonymous", "db.roles.anonymous", settings.names.anonymous);
    take(roles, "authenticated", "db.roles.authenticated", settings.names.authenticated);
    take(roles, "administrator", "db.roles.administrator", settings.names.administrator);
    take(roles, "authenticatedClient", "db.roles.authenticatedClient", settings.names.client);
    const Json connections = object_in(db, "connections", "db.connections");
    take(connections, "app", settings.app);
    take(connections, "admin", settings.admin);
    return settings;
  }

  const std::vector<Diagnostic>& problems() const { return problems_; }

 private:
  /// A finding about syntax quotes the file, which may hold passwords.
  void hide_text() {
    for (Diagnostic& problem : problems_) {
      if (problem.where.line == 0) continue;
      problem.message = "this is no JSON";
      problem.source_line.clear();
    }
  }

  void refuse(const char* path, const char* what) {
    problems_.push_back(
        file_finding(Severity::error, file_, fmt::format("\"{}\" must be {}", path, what)));
  }

  /// The member, an empty object if there is none.
  Json object_in(const Json& parent, const char* name, const char* path) {
    const auto found = parent.find(name);
    if (found == parent.end()) return Json::object();
    if (found->is_object()) return *found;
    refuse(path, "an object");
    return Json::object();
  }

  void take(const Json& parent, const char* name, const char* path, std::string& into) {
    const auto found = parent.find(name);
    if (found == parent.end()) return;
    if (found->is_string() && !found->get_ref<const std::string&>().empty())
      into = found->get<std::string>();
    else
      refuse(path, "a text that is not empty");
  }

  void take(const Json& connections, const char* name, LoginUser& into) {
    const std::string path = fmt::format("db.connections.{}", name);
    const Json connection = object_in(connections, name, path.c_str());
    take(connection, "user", (path + ".user").c_str(), into.name);
    std::string password = into.password.reveal();
    take(connection, "password", (path + ".password").c_str(), password);
    into.password = Secret(std::move(password));
  }

  std::string file_;
  std::vector<Diagnostic> problems_;
};

}  // namespace

RoleSettings read_role_settings(const std::filesystem::path& start) {
  const std::filesystem::path root = nearest_with(start, "pgpm.json");
  if (root.empty()) return {};
  RoleSettingsReader reader(shown_path(root / "pgpm.json"));
  RoleSettings settings = reader.read(read_regular_file(root / "pgpm.json").value_or(""));
  if (reader.problems().empty()) return settings;
  throw Error(ErrorCode::configuration, "the settings for roles are wrong").with(reader.problems());
}

}  // namespace pgpm
