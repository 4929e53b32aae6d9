#include "tests/support/workshop.h"

#include <catch2/catch.hpp>

namespace pgpm::tests {

Workshop::Workshop() : target_(database.target()) {
  files.write("pgpm.json", R"({"packages": ["packages/*"]})");
}

void Workshop::add_module(const std::string& name, const std::vector<ScriptedChange>& changes,
                          const std::string& requires_modules) {
  const std::string dir = "packages/" + name + "/";
  std::string plan = "%syntax-version=1.0.0\n%project=" + name + "\n\n";
  for (const ScriptedChange& change : changes) {
    plan += change.line + " 2024-01-15T10:00:00Z Ada <ada@example.com>\n";
    if (change.line.starts_with('@')) continue;
    const std::string script = change.line.substr(0, change.line.find(' ')) + ".sql";
    files.write(dir + "deploy/" + script, change.deploy);
    if (!change.revert.empty()) files.write(dir + "revert/" + script, change.revert);
    if (!change.verify.empty()) files.write(dir + "verify/" + script, change.verify);
  }
  files.write(dir + "pgpm.plan", plan);
  files.write(dir + name + ".control",
              "default_version = '0.0.1'\nrequires = '" + requires_modules + "'\n");
}

RunReport Workshop::deploy(const DeployOptions& options) {
  observer.events.clear();
  return pgpm::deploy(load(), target_, options, observer, stop_);
}

RunReport Workshop::revert(const RevertOptions& options) {
  observer.events.clear();
  return pgpm::revert(load(), target_, options, observer, stop_);
}

RunReport Workshop::verify(const VerifyOptions& options) {
  observer.events.clear();
  return pgpm::verify(load(), target_, options, observer, stop_);
}

StatusReport Workshop::status() {
  return pgpm::status(load(), target_, {}, {});
}

std::string Workshop::deployed() {
  if (query("SELECT to_regclass('pgpm_migrate.changes') IS NULL") == "t") return "";
  return query(
      "SELECT string_agg(package || ':' || change_name, ' ' ORDER BY deploy_order) FROM "
      "pgpm_migrate.changes");
}

bool Workshop::has(const std::string& relation) {
  return query("SELECT to_regclass('" + relation + "') IS NOT NULL") == "t";
}

bool Workshop::has_schema(const std::string& schema) {
  return query("SELECT to_regnamespace('" + schema + "') IS NOT NULL") == "t";
}

std::string Workshop::events() {
  return query(
      "SELECT string_agg(event_type || ' ' || package || ':' || change_name || ' ' || "
      "coalesce(error_code, 'ok'), "
      "E'\\n' ORDER BY event_id) FROM pgpm_migrate.events");
}

Error error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  throw Error(ErrorCode::internal, "unreachable");
}

std::string messages(const Error& error) {
  std::string text;
  for (const Diagnostic& found : error.diagnostics()) text += found.message + "\n";
  return text;
}

}  // namespace pgpm::tests
