#include "pgpm/ledger.h"

#include <fmt/format.h>

#include "engine/db/commit.h"
#include "engine/migrate/deploy_plan.h"
#include "engine/migrate/edits.h"
#include "engine/migrate/instances.h"
#include "engine/migrate/module_choice.h"
#include "engine/migrate/opening.h"
#include "engine/migrate/prepared_run.h"
#include "engine/migrate/script_store.h"
#include "engine/sql/fingerprint.h"
#include "engine/sql/quote.h"
#include "engine/text/digest.h"

namespace pgpm {

bool init_ledger(const Target& target, const RunOptions& options, Observer& observer,
                 std::stop_token stop) {
  db::Connection connection = open_for_writing(target, options, std::move(stop));
  const db::RunLock lock = take_run_lock(connection, options, observer);
  return registry::install(connection);
}

namespace {

struct Edit {
  std::string package, change, hash, fingerprint;
  std::string name() const { return package + ":" + change; }
};

bool is_wanted(const std::vector<std::string>& wanted, const Edit& edit) {
  if (wanted.empty()) return true;
  for (const std::string& name : wanted) {
    if (name == edit.change || name == edit.name()) return true;
  }
  return false;
}

/// Every deployed change of the modules whose file is no longer what was deployed, formatting
/// included.
std::vector<Edit> find_edits(const std::vector<const Module*>& modules, const RegistryState& state,
                             const std::vector<std::string>& wanted) {
  std::vector<Edit> edits;
  for (const Module* module : modules) {
    const std::vector<const DeployedChange*> rows = deployed_instances(*module, state);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] == nullptr) continue;
      const auto bytes =
          read_script(*module, Module::ScriptKind::deploy, module->plan.changes[i].script_name);
      if (!bytes) continue;
      Edit edit{module->package, rows[i]->name, sha256_hex(*bytes), {}};
      if (edit.hash == rows[i]->script_hash || !is_wanted(wanted, edit)) continue;
      edit.fingerprint = sql::fingerprint(*bytes);
      edits.push_back(std::move(edit));
    }
  }
  return edits;
}

void require_deployed(const std::vector<const Module*>& modules, const RegistryState& state,
                      const std::vector<std::string>& changes) {
  for (const std::string& name : changes) {
    bool found = false;
    for (const Module* module : modules) {
      const std::string own = module->package + ":";
      const std::string change = name.starts_with(own) ? name.substr(own.size()) : name;
      found = found || state.find(module->package, change) != nullptr;
    }
    if (!found) {
      throw Error(ErrorCode::configuration, fmt::format("{} is not deployed", name))
          .hint("`pgpm status` lists the edited changes");
    }
  }
}

}  // namespace

std::vector<std::string> accept_edits(const Workspace& workspace, const Target& target,
                                      const std::vector<std::string>& modules,
                                      const std::vector<std::string>& changes,
                                      const RunOptions& options, Observer& observer,
                                      std::stop_token stop) {
  const std::vector<const Module*> chosen = choose_modules(workspace, modules);
  db::Connection connection = open_for_writing(target, options, std::move(stop));
  const db::RunLock lock = take_run_lock(connection, options, observer);
  const RegistryState state = registry::read_state(connection, registry::Detail::rows);
  require_deployed(chosen, state, changes);
  const std::vector<Edit> edits = find_edits(chosen, state, changes);
  std::vector<std::string> accepted;
  if (edits.empty()) return accepted;
  registry::install(connection);
  std::vector<std::string> packages;
  packages.reserve(chosen.size());
  for (const Module* module : chosen) packages.push_back(module->package);
  RunRow row(connection, "migrate accept", options, packages);
  std::string statements = "BEGIN;\n";
  for (const Edit& edit : edits) {
    statements +=
        registry::accept_edit_sql(edit.package, edit.change, edit.hash, edit.fingerprint) + ";\n";
    accepted.push_back(edit.name());
  }
  connection.exec(statements);
  db::commit(connection);
  row.finish(Outcome::ok);
  return accepted;
}

std::string baseline_sql(const Workspace& workspace, const std::vector<std::string>& modules) {
  require_sound(workspace);
  const Resolution resolution = resolve(workspace, modules);
  DeployOptions options;
  options.log_only = true;
  const RegistryState nothing;
  const Worklist worklist = decide_deploy(resolution, nothing, {}, options);
  std::string text =
      "-- Records these changes as deployed without running their scripts.\n"
      "-- The ledger must be there: pgpm migrate init makes it.\nBEGIN;\n";
  for (const PreparedModule& module : worklist.prepared->modules) {
    for (const PreparedStep& step : module.steps) {
      const registry::DeployRecord& record = step.record;
      text += fmt::format("CALL pgpm_migrate.deploy({}, {}, {}, {}, '', TRUE);\n",
                          sql::quote_literal(record.package), sql::quote_literal(record.change),
                          sql::quote_literal(record.script_hash),
                          record.requires_changes.empty()
                              ? "NULL"
                              : sql::quote_text_array(record.requires_changes));
    }
  }
  return text + "COMMIT;\n";
}

}  // namespace pgpm
