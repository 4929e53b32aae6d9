#include "engine/proof/left_roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/db/admin.h"
#include "engine/migrate/script_store.h"
#include "engine/proof/prove_finding.h"

namespace pgpm::proof {

namespace {

/// The first script that names the role, nullopt if none does.
std::optional<Diagnostic> warning_about(const Resolution& resolution, Module::ScriptKind kind,
                                        const std::string& role) {
  for (const ResolvedModule& resolved : resolution.modules)
    for (const Change& change : resolved.module->plan.changes) {
      const StoredScript script = load_script(*resolved.module, kind, change.script_name);
      const auto place = place_naming(script, role);
      if (place)
        return finding_at(Severity::warning, script, *place,
                          fmt::format("role {} is left on the server", role),
                          fmt::format("roles are not of the scratch database: DROP ROLE {}; or "
                                      "test with --ephemeral",
                                      role));
    }
  return std::nullopt;
}

}  // namespace

LeftRoles::LeftRoles(Target server, std::stop_token stop)
    : server_(std::move(server)), stop_(std::move(stop)), before_(read()) {}

/// As they are written in SQL, sorted.
std::vector<std::string> LeftRoles::read() const {
  db::Connection connection = db::open_maintenance(server_, stop_);
  const db::Result rows =
      connection.exec("SELECT pg_catalog.quote_ident(rolname) FROM pg_catalog.pg_roles");
  std::vector<std::string> roles;
  for (std::size_t row = 0; row < rows.rows(); ++row) roles.push_back(rows.str(row, 0));
  std::ranges::sort(roles);
  return roles;
}

std::vector<Diagnostic> LeftRoles::warnings(const Resolution& resolution) const {
  std::vector<Diagnostic> warnings;
  for (const std::string& role : read()) {
    if (std::ranges::binary_search(before_, role)) continue;
    auto warning = warning_about(resolution, Module::ScriptKind::deploy, role);
    if (!warning) warning = warning_about(resolution, Module::ScriptKind::revert, role);
    if (warning) warnings.push_back(std::move(*warning));
  }
  return warnings;
}

}  // namespace pgpm::proof
