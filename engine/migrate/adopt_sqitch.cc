// Sqitch's registry compared with the plan and with our ledger: all that speaks against adopting is
// gathered before the first write, and everything is written in one transaction.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "engine/db/commit.h"
#include "engine/migrate/instances.h"
#include "engine/migrate/opening.h"
#include "engine/migrate/script_store.h"
#include "engine/registry/sqitch_registry.h"
#include "engine/sql/fingerprint.h"
#include "engine/text/digest.h"
#include "engine/text/file.h"
#include "engine/workspace/sqitch_id.h"
#include "engine/workspace/sqitch_project.h"
#include "pgpm/adopt.h"
#include "pgpm/resolve.h"

namespace pgpm {
namespace {

std::string person(const std::string& name, const std::string& email) {
  return email.empty() ? name : fmt::format("{} <{}>", name, email);
}

class Comparison {
 public:
  Comparison(const SqitchFiles& files, const registry::SqitchProject& project,
             const RegistryState& ledger, const AdoptOptions& options)
      : module_(files.module),
        workspace_(workspace_with(files)),
        resolution_(resolve(workspace_, {files.module.name}, Closure::only_named)),
        project_(project),
        ledger_(ledger),
        options_(options) {
    const std::vector<std::string> ids = sqitch_change_ids(module_.plan);
    for (std::size_t i = 0; i < ids.size(); ++i) planned_[ids[i]] = i;
    adoption_.package = module_.package;
    adoption_.module_dir = module_.dir;
  }

  void compare() {
    for (const registry::SqitchChange& change : project_.changes) compare_change(change);
    for (std::size_t i = 0; i < module_.plan.changes.size(); ++i)
      if (!deployed_.contains(i)) adoption_.pending.push_back(module_.plan.changes[i].script_name);
    add_tags();
    check_requirements();
    if (!problems_.empty())
      throw Error(ErrorCode::refused, fmt::format("{} cannot be adopted as it is", module_.package))
          .with(problems_)
          .leaving("nothing was changed");
  }

  Adoption& adoption() { return adoption_; }
  const std::vector<registry::AdoptedChange>& rows() const { return rows_; }

  /// The name a change of the registry goes by here; events may be of changes that no plan has any
  /// more.
  std::string name_of(const std::string& change_id, const std::string& otherwise) const {
    const auto index = planned_.find(change_id);
    return index == planned_.end() ? otherwise : module_.plan.changes[index->second].script_name;
  }
  bool is_deployed(const std::string& change_id) const {
    const auto index = planned_.find(change_id);
    return index != planned_.end() && deployed_.contains(index->second);
  }

 private:
  void refuse(std::size_t line, std::string message, std::string hint) {
    problems_.push_back(
        {Severity::error, {module_.plan.file, line, 0}, std::move(message), {}, std::move(hint)});
  }

  void compare_change(const registry::SqitchChange& change) {
    const auto index = planned_.find(change.change_id);
    if (index == planned_.end()) {
      const auto other = module_.plan.find_change(change.name);
      refuse(other ? module_.plan.changes[*other].line : 0,
             other ? fmt::format("{} was deployed from another plan line than this", change.name)
                   : fmt::format("{} is deployed and not in the plan", change.name),
             "let Sqitch revert to the last common change, or restore the line as it was");
      return;
    }
    const Change& planned = module_.plan.changes[index->second];
    registry::AdoptedChange row = row_of(change, index->second);
    if (!check_script(change, planned)) return;
    deployed_[index->second] = change.change_id;
    if (const DeployedChange* known = ledger_.find(module_.package, planned.script_name)) {
      if (known->script_hash != row.script_hash)
        refuse(planned.line,
               fmt::format("{} is in the ledger with another script", planned.script_name),
               "pgpm migrate accept, if the file is what is deployed");
      adoption_.already.push_back(planned.script_name);
      return;
    }
    adoption_.recorded.push_back({row.change, row.deployed_at, row.deployed_by, {}});
    rows_.push_back(std::move(row));
  }

  registry::AdoptedChange row_of(const registry::SqitchChange& change, std::size_t index) {
    registry::AdoptedChange row;
    row.package = module_.package;
    row.change = module_.plan.changes[index].script_name;
    row.deployed_at = change.committed_at;
    row.deployed_by = person(change.committer_name, change.committer_email);
    const std::string bytes =
        read_script(module_, Module::ScriptKind::deploy, row.change).value_or("");
    row.script_hash = sha256_hex(bytes);
    row.fingerprint = sql::fingerprint(bytes);
    for (const ResolvedDependency& dependency : resolution_.modules.front().dependencies[index])
      if (dependency.kind == Dependency::Kind::requires_change)
        row.requires_changes.push_back(deployed_name(dependency));
    return row;
  }

  /// What a tag of a module that is not in this workspace stands at only the ledger knows.
  std::string deployed_name(const ResolvedDependency& dependency) const {
    if (!dependency.known)
      if (const DeployedChange* row = find_outside(dependency.package, dependency.change, ledger_))
        return row->package + ":" + row->name;
    return dependency.to_string();
  }

  /// False if the change is refused.
  bool check_script(const registry::SqitchChange& change, const Change& planned) {
    const auto bytes = read_script(module_, Module::ScriptKind::deploy, planned.script_name);
    if (!bytes) {
      refuse(planned.line, fmt::format("{} has no deploy script", planned.script_name),
             "restore the file");
      return false;
    }
    if (change.script_hash.empty() || change.script_hash == sha1_hex(*bytes)) return true;
    const std::string message = fmt::format(
        "the deploy script of {} was edited after Sqitch deployed it", planned.script_name);
    if (options_.on_edited == OnEdited::error) {
      refuse(planned.line, message, "restore it, or take it as it is: --on-edited warn");
      return false;
    }
    if (options_.on_edited == OnEdited::warn)
      adoption_.warnings.push_back({Severity::warning,
                                    {module_.plan.file, planned.line, 0},
                                    message,
                                    {},
                                    "the ledger takes it as it is now"});
    return true;
  }

  void add_tags() {
    for (const registry::SqitchTag& tag : project_.tags) {
      const std::string change = name_of(tag.change_id, "");
      for (Adoption::Recorded& recorded : adoption_.recorded)
        if (recorded.change == change) recorded.tags.push_back(tag.tag);
    }
  }

  /// A recorded requirement that is not there would protect nothing.
  void check_requirements() {
    for (const registry::AdoptedChange& row : rows_)
      for (const std::string& needed : row.requires_changes) {
        const std::size_t colon = needed.find(':');
        const std::string package = needed.substr(0, colon), change = needed.substr(colon + 1);
        const bool here = package == module_.package &&
                          std::any_of(rows_.begin(), rows_.end(),
                                      [&](const auto& other) { return other.change == change; });
        // Of this module's own changes only one that was refused can be missing.
        const bool told = package == module_.package && !problems_.empty();
        if (!here && !told && ledger_.find(package, change) == nullptr)
          refuse(line_of(row.change),
                 fmt::format("{} requires {}, which is not in the ledger", row.change, needed),
                 package == module_.package ? "" : fmt::format("adopt {} first", package));
      }
  }

  std::size_t line_of(const std::string& script_name) const {
    for (const Change& change : module_.plan.changes)
      if (change.script_name == script_name) return change.line;
    return 0;
  }

  const Module& module_;
  const Workspace workspace_;
  const Resolution resolution_;
  const registry::SqitchProject& project_;
  const RegistryState& ledger_;
  const AdoptOptions& options_;
  std::map<std::string, std::size_t> planned_;   // Sqitch id -> index
  std::map<std::size_t, std::string> deployed_;  // index -> Sqitch id
  std::vector<registry::AdoptedChange> rows_;
  std::vector<Diagnostic> problems_;
  Adoption adoption_;
};

std::vector<std::string> statements_of(const Comparison& comparison,
                                       const registry::SqitchProject& project,
                                       const std::string& package, long run_id) {
  std::vector<std::string> statements{registry::register_package_sql(package)};
  for (const registry::AdoptedChange& row : comparison.rows())
    statements.push_back(registry::adopt_change_sql(row));
  for (const registry::SqitchTag& tag : project.tags)
    if (comparison.is_deployed(tag.change_id))
      statements.push_back(registry::adopt_tag_sql(
          package, tag.tag, comparison.name_of(tag.change_id, ""), tag.committed_at,
          person(tag.committer_name, tag.committer_email)));
  for (const registry::SqitchEvent& event : project.events)
    statements.push_back(registry::adopt_event_sql(
        package, comparison.name_of(event.change_id, event.name), event, run_id));
  return statements;
}

void warn(const SqitchFiles& files, std::string message, std::string hint, Adoption& adoption) {
  adoption.warnings.push_back(
      {Severity::warning, {files.conf_file, 0, 0}, std::move(message), {}, std::move(hint)});
}

/// What of sqitch.conf counts from now on.
void warn_of_conf(const SqitchFiles& files, Adoption& adoption) {
  if (!files.stays_because.empty())
    warn(files, files.stays_because, "it stays a Sqitch project, and pgpm deploys it in place",
         adoption);
  else if (!files.conf.settings.database.empty())
    warn(files, "a module is deployed to the database that is named, not to the target in here",
         "name it with --database, --dsn, PGDATABASE or PGPM_DATABASE_URL", adoption);
}

Adoption adopt_deployed(const SqitchFiles& files, const Target& target, const AdoptOptions& options,
                        Observer& observer, std::stop_token stop) {
  const std::string schema = options.registry.empty() ? files.conf.registry : options.registry;
  db::Connection connection = options.dry_run ? open_for_reading(target, std::move(stop))
                                              : open_for_writing(target, options, std::move(stop));
  std::optional<db::RunLock> lock;
  if (!options.dry_run) lock.emplace(take_run_lock(connection, options, observer));
  const registry::SqitchProject project =
      registry::read_sqitch_project(connection, schema, files.module.package);
  const RegistryState ledger = registry::read_state(connection, registry::Detail::names_and_hashes);
  Comparison comparison(files, project, ledger, options);
  comparison.compare();
  Adoption& adoption = comparison.adoption();
  warn_of_conf(files, adoption);
  adoption.events = project.events.size();
  if (options.dry_run) {
    adoption.files = files.missing;
    return std::move(adoption);
  }
  if (comparison.rows().empty()) {
    adoption.files = write_module_files(files)->keep();
    return std::move(adoption);
  }
  registry::install(connection);
  RunRow row(connection, "adopt sqitch", options, {files.module.package});
  connection.exec("BEGIN");
  for (const std::string& statement :
       statements_of(comparison, project, files.module.package, row.id()))
    connection.exec(statement);
  // Files and rows together or not at all. If the connection is lost while COMMIT is on its way,
  // the rows may be there without the files: adopting again adds those.
  const std::unique_ptr<NewFiles> written = write_module_files(files);
  db::commit(connection);
  adoption.files = written->keep();
  row.finish(Outcome::ok);
  return std::move(adoption);
}

}  // namespace

Adoption adopt_sqitch(const std::filesystem::path& dir, const std::optional<Target>& target,
                      const AdoptOptions& options, Observer& observer, std::stop_token stop) {
  const SqitchFiles files = read_sqitch_files(dir, options.sources);
  if (target) return adopt_deployed(files, *target, options, observer, std::move(stop));
  Adoption adoption;
  adoption.package = files.module.package;
  adoption.module_dir = files.module.dir;
  for (const Change& change : files.module.plan.changes)
    adoption.pending.push_back(change.script_name);
  workspace_with(files);  // throws if the name is taken
  warn_of_conf(files, adoption);
  adoption.files = options.dry_run ? files.missing : write_module_files(files)->keep();
  return adoption;
}

}  // namespace pgpm
