#include "engine/objects/run.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/objects/definition_digest.h"
#include "engine/objects/news.h"
#include "engine/objects/severity.h"

namespace pgpm::objects {

ObjectRun::ObjectRun(db::Connection& connection, ObjectOptions options, ObjectStepDone done,
                     RunSubject subject)
    : connection_(connection),
      options_(std::move(options)),
      done_(std::move(done)),
      subject_(std::move(subject)) {}

const char* ObjectRun::script_word() const {
  return subject_.owners.contains("") ? "migration" : "change";
}

const char* ObjectRun::removal_reason() const {
  return subject_.goal == RunSubject::Goal::gone ? goes_with_module : "declared no more";
}

void ObjectRun::prepare() {
  catalog_ = std::make_unique<ServerCatalog>(connection_);
  naming_ = {catalog_->search_path(), server_major()};
  report_.database = connection_.database();
  switch (subject_.goal) {
    case RunSubject::Goal::as_declared:
      return prepare_declared();
    case RunSubject::Goal::as_they_were:
      return look_at_state();
    case RunSubject::Goal::gone:
      look_at_state();
      for (const auto& [key, stored] : state_.objects) changes_.removed.push_back(key);
      find_live();
      find_drift();
      return;
  }
}

void ObjectRun::look_at_state() {
  read_recorded();
  prove_recorded();
}

void ObjectRun::read_recorded() {
  state_ = read_state(connection_, subject_.owners);
  known_at_ = state_.read_at;
}

void ObjectRun::prove_recorded() {
  proven_ = proven_owners(*catalog_, state_);
}

KnownStatements ObjectRun::hoped_for() const {
  // One that is restored from a dump, say, proves nothing, and then there is no hope.
  return may_be_proven(*catalog_, state_) ? KnownStatements(state_.objects) : KnownStatements();
}

void ObjectRun::prepare_declared() {
  const std::string& code_dir = options_.files.code_dir;
  // The server looks up what it has while the files are parsed.
  std::shared_ptr<EarlyDeclarations> files;
  if (!subject_.declared && !code_dir.empty())
    files = subject_.early ? subject_.early : std::make_shared<EarlyDeclarations>(code_dir);
  read_recorded();
  if (files) files->name({naming_, hoped_for()});
  prove_recorded();
  migrations_ = plan_migrations(options_.files.migrations_dir, state_);
  report_.warnings = migrations_.warnings;
  if (files) {
    look_up_known();
    declared_ = files->get();
    knows_all_ = std::all_of(objects_.begin(), objects_.end(),
                             [](const ManagedObject& object) { return object.is_parsed; });
  } else if (subject_.declared) {
    declared_ = *subject_.declared;
  } else {
    return;
  }
  compare_declared();
}

void ObjectRun::compare_declared() {
  refuse_objects_of_others(objects_, state_);
  arrange_tasks();
  changes_ = compare(objects_, state_);
  if (!knows_enough()) know_all();
  refuse_needed_removals(changes_, objects_, naming_, state_);
  for (const std::size_t i : changes_.added) schedule(i, Need::added, "new");
  for (const std::size_t i : changes_.modified) schedule(i, Need::modified, "its file changed");
  find_live();
  find_drift();
  has_compared_ = true;
}

bool ObjectRun::knows_enough() {
  return knows_all_ || (is_proven() && migrations_.pending.empty() && changes_.added.empty() &&
                        changes_.removed.empty() && adds_no_requirement());
}

/// Without a new one nobody can need himself by a detour, which only all of them together would
/// tell.
bool ObjectRun::adds_no_requirement() {
  std::vector<ObjectKey> keys;
  for (const std::size_t i : changes_.modified) keys.push_back(objects_[i].key);
  const auto recorded = early_dependencies(connection_, keys);
  return std::all_of(changes_.modified.begin(), changes_.modified.end(), [&](std::size_t i) {
    return std::all_of(
        requirements_[i].begin(), requirements_[i].end(), [&](const Requirement& need) {
          return need.late || recorded.contains({objects_[i].key, objects_[need.object].key});
        });
  });
}

void ObjectRun::know_all() {
  if (knows_all_) return;
  knows_all_ = true;
  std::vector<std::pair<std::size_t, Task>> tasks, deferred;
  for (const auto& [place, task] : tasks_) tasks.emplace_back(order_.sequence[place.first], task);
  for (const auto& [place, task] : deferred_)
    deferred.emplace_back(order_.sequence[place.first], task);
  parse_known(declared_.objects, {options_.files.code_dir}, naming_);
  arrange(declared_, naming_);
  arrange_tasks();
  tasks_.clear();
  deferred_.clear();
  for (auto& [object, task] : tasks) tasks_.emplace(Place{place_of_[object], 0}, std::move(task));
  for (auto& [object, task] : deferred)
    deferred_.emplace(Place{place_of_[object], 0}, std::move(task));
}

void ObjectRun::arrange_tasks() {
  place_of_.assign(objects_.size(), 0);
  for (std::size_t place = 0; place < order_.sequence.size(); ++place)
    place_of_[order_.sequence[place]] = place;
  needed_by_.assign(objects_.size(), {});
  for (std::size_t i = 0; i < objects_.size(); ++i)
    for (const Requirement& need : requirements_[i]) needed_by_[need.object].push_back(i);
}

bool ObjectRun::is_proven() const {
  return std::includes(proven_.begin(), proven_.end(), subject_.owners.begin(),
                       subject_.owners.end());
}

bool ObjectRun::is_settled(std::size_t object) const {
  if (!is_proven() || has_run_scripts_ || !changes_.removed.empty()) return false;
  const auto stored = state_.objects.find(objects_[object].key);
  // The same statement under the same name and search_path has the same address.
  return stored != state_.objects.end() && is_in_catalogs(objects_[object].key.kind) &&
         stored->second.statement_hash == objects_[object].hash &&
         !tasks_.contains({place_of_[object], 0});
}

void ObjectRun::find_settled() {
  know_all();
  const std::vector<std::size_t> settled(settled_.begin(), settled_.end());
  std::vector<Address> addresses;
  for (const std::size_t i : settled) addresses.push_back(objects_[i].address);
  const auto found = catalog_->locate(addresses);
  for (std::size_t at = 0; at < settled.size(); ++at) {
    if (!found[at]) continue;
    live_[settled[at]] = *found[at];
    declared_at_[*found[at]] = settled[at];
  }
  were_settled_.merge(settled_);
  settled_.clear();
}

void ObjectRun::remember(const std::vector<std::size_t>& objects) {
  std::vector<CatalogId> ids;
  for (const std::size_t i : objects)
    if (were_settled_.contains(i) && live_.contains(i)) ids.push_back(live_.at(i));
  for (auto& [id, definition] : catalog_->definitions(ids)) {
    before_[declared_at_.at(id)] = std::move(definition);
    were_settled_.erase(declared_at_.at(id));
  }
}

void ObjectRun::look_up_known() {
  if (is_proven()) return;
  std::vector<Address> addresses;
  for (const auto& [key, stored] : state_.objects) addresses.push_back(stored.address.get());
  const auto found = catalog_->locate(addresses);
  std::vector<CatalogId> ids;
  std::size_t at = 0;
  for (const auto& [key, stored] : state_.objects) {
    if (found[at]) ids.push_back(*found[at]);
    known_[key] = found[at++];
  }
  known_definitions_ = catalog_->definitions(ids);
}

std::vector<std::optional<CatalogId>> ObjectRun::locate_declared() {
  std::vector<std::optional<CatalogId>> found(objects_.size());
  std::vector<Address> asked;
  std::vector<std::size_t> asked_at;
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    const auto known = known_.find(objects_[i].key);
    if (known != known_.end() &&
        state_.objects.at(known->first).address.get() == objects_[i].address) {
      found[i] = known->second;
    } else if (is_settled(i)) {
      settled_.insert(i);
    } else {
      asked.push_back(objects_[i].address);
      asked_at.push_back(i);
    }
  }
  const auto located = catalog_->locate(asked);
  for (std::size_t i = 0; i < asked.size(); ++i) found[asked_at[i]] = located[i];
  // What is looked up later may be elsewhere by then.
  known_.clear();
  return found;
}

void ObjectRun::find_live() {
  std::vector<Address> removed;
  for (const ObjectKey& key : changes_.removed)
    removed.push_back(state_.objects[key].address.get());
  const auto found = locate_declared();
  const auto found_removed = catalog_->locate(removed);
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    if (!found[i]) continue;
    live_[i] = *found[i];
    declared_at_[*found[i]] = i;
  }
  for (std::size_t i = 0; i < changes_.removed.size(); ++i) {
    const auto& id = found_removed[i];
    // The same object may be declared under another spelling of its arguments.
    if (id && !declared_at_.contains(*id)) removed_at_[*id] = changes_.removed[i];
  }
}

void ObjectRun::find_drift() {
  const int major = server_major();
  std::vector<CatalogId> ids;
  for (const auto& [i, id] : live_)
    if (!known_definitions_.contains(id)) ids.push_back(id);
  for (const auto& [id, key] : removed_at_)
    if (!known_definitions_.contains(id)) ids.push_back(id);
  auto definitions = catalog_->definitions(ids);
  definitions.merge(known_definitions_);
  for (const auto& [id, key] : removed_at_)
    if (const auto found = definitions.find(id); found != definitions.end())
      removed_before_[key] = found->second;
  std::vector<Diagnostic> drifted;
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    const auto stored = state_.objects.find(objects_[i].key);
    const auto live = live_.find(i);
    if (live != live_.end())
      if (const auto found = definitions.find(live->second); found != definitions.end())
        before_[i] = found->second;
    if (stored == state_.objects.end() || !is_in_catalogs(objects_[i].key.kind)) continue;
    if (settled_.contains(i)) continue;
    if (live != live_.end() && is_as_recorded(stored->second.definition, before_[i], major))
      continue;
    const std::string how = live == live_.end() ? "was dropped" : "was changed";
    drifted.push_back({Severity::warning, objects_[i].where(),
                       fmt::format("{} {} {} in the database by somebody else",
                                   object_kind_name(objects_[i].key.kind), objects_[i].shown, how),
                       "", ""});
    if (options_.on_drift == OnDrift::keep)
      kept_drift_.insert(i);
    else
      schedule(i, Need::drifted, how + " in the database");
  }
  if (drifted.empty()) return;
  if (options_.on_drift == OnDrift::error) {
    for (Diagnostic& each : drifted) each.severity = Severity::error;
    throw Error(ErrorCode::proof_failed, "the database is not as it was left")
        .with(std::move(drifted))
        .hint("--on-drift overwrite makes it what the files say, --on-drift keep leaves it.");
  }
  report_.warnings.insert(report_.warnings.end(), drifted.begin(), drifted.end());
}

bool ObjectRun::has_work() const {
  return !migrations_.pending.empty() || !tasks_.empty() || !changes_.removed.empty();
}

void ObjectRun::schedule(std::size_t object, Need need, std::string reason) {
  const Place place{place_of_[object], 0};
  const auto [task, is_new] = tasks_.try_emplace(place, Task{need, reason});
  if (!is_new && task->second.need == Need::look) task->second = {need, reason};
  if (need != Need::look) changed_.try_emplace(object, change_of(object, need, std::move(reason)));
}

ObjectChange ObjectRun::change_of(std::size_t object, Need need, std::string reason) const {
  ObjectChange change;
  change.what = need == Need::added      ? ObjectChange::What::added
                : need == Need::modified ? ObjectChange::What::modified
                : need == Need::drifted  ? ObjectChange::What::drifted
                                         : ObjectChange::What::affected;
  change.kind = object_kind_name(objects_[object].key.kind);
  change.name = objects_[object].shown;
  change.file = objects_[object].file;
  change.reason = std::move(reason);
  return change;
}

ObjectChange ObjectRun::removal_of(const ObjectKey& key) const {
  ObjectChange change;
  change.what = ObjectChange::What::removed;
  change.kind = object_kind_name(key.kind);
  change.name = key.identity;
  change.file = state_.objects.at(key).file;
  change.reason = removal_reason();
  change.compatibility = compatibility_of_removal(key.kind);
  return change;
}

std::vector<ObjectChange> ObjectRun::pending() const {
  std::map<std::size_t, const ObjectChange*> by_place;
  for (const auto& [i, change] : changed_) by_place[place_of_[i]] = &change;
  std::vector<ObjectChange> changes;
  for (const auto& [place, change] : by_place) changes.push_back(*change);
  for (const ObjectKey& key : changes_.removed) changes.push_back(removal_of(key));
  return changes;
}

void ObjectRun::execute(Recording recording) {
  begin(recording);
  migrate();
  finish();
}

void ObjectRun::begin(Recording recording) {
  recording_ = recording;
  has_executed_ = true;
  if (recording == Recording::no) return;
  install_state(connection_);
  StoredObjects watched = state_.others;
  if (subject_.goal == RunSubject::Goal::as_they_were)
    watched.insert(state_.objects.begin(), state_.objects.end());
  if (!watched.empty()) watch_.emplace(*catalog_, watched, proven_, server_major());
}

void ObjectRun::look_at_everything() {
  find_settled();
  for (const auto& [i, id] : live_)
    schedule(i, Need::look, fmt::format("a {} may have changed what it reads", script_word()));
}

void ObjectRun::finish() {
  if (has_run_scripts_) look_at_touched();
  remove_undeclared();
  make_all();
  check_bodies();
  if (options_.checks_plpgsql) check_plpgsql();
  for (const std::string& statement : at_end_) catalog_->run_qualified(statement);
  auto definitions = made_definitions();
  finish_changes(definitions);
  if (recording_ == Recording::no) return;
  if (may_others_have_moved()) known_at_ = moment_now(connection_);
  record(std::move(definitions));
  settle_watched();
  record_catalogs();
  if (options_.notifies) tell_what_is_loaded();
}

void ObjectRun::tell_what_is_loaded() {
  for (const std::size_t i : made_)
    if (const auto live = live_.find(i); live != live_.end())
      tell_loaded(connection_, objects_[i], live->second.objid);
}

std::map<CatalogId, ServerDefinition> ObjectRun::made_definitions() {
  std::vector<CatalogId> ids;
  for (const std::size_t i : made_)
    if (const auto live = live_.find(i); live != live_.end()) ids.push_back(live->second);
  return catalog_->definitions(ids);
}

void ObjectRun::finish_changes(const std::map<CatalogId, ServerDefinition>& after) {
  std::map<std::size_t, std::size_t> by_place;
  for (auto& [i, change] : changed_) {
    if (change.what != ObjectChange::What::added) {
      const auto live = live_.find(i);
      const auto now = live == live_.end() ? after.end() : after.find(live->second);
      change.compatibility =
          compatibility_of_update(objects_[i].key.kind, before_[i].interface,
                                  now == after.end() ? std::string() : now->second.interface);
    }
    by_place[place_of_[i]] = i;
  }
  for (const auto& [place, i] : by_place) report_.changes.push_back(changed_[i]);
  for (const ObjectKey& key : changes_.removed) report_.changes.push_back(removal_of(key));
  for (const ObjectChange& change : report_.changes)
    report_.compatibility = std::max(report_.compatibility, change.compatibility);
  for (const PendingMigration& migration : report_.migrations)
    report_.compatibility = std::max(report_.compatibility, migration.compatibility);
}

/// What is made or replaced in the same shape is worded in none of the others.
bool ObjectRun::may_others_have_moved() const {
  return has_run_scripts_ || has_reshaped_;
}

bool ObjectRun::has_run_code_of_others() const {
  const auto runs_code = [&](std::size_t i) {
    const ObjectKind kind = objects_[i].key.kind;
    return kind == ObjectKind::materialized_view || kind == ObjectKind::index;
  };
  return state_.has_event_triggers || !at_end_.empty() ||
         std::any_of(made_.begin(), made_.end(), runs_code);
}

void ObjectRun::record_catalogs() {
  const std::size_t recorded =
      std::max(objects_.size(), state_.objects.size()) + state_.others.size();
  if (recorded < worth_counting) return;
  Owners owners = watch_ ? watch_->sound_owners() : Owners();
  const bool knows_ours = has_compared_ || subject_.goal == RunSubject::Goal::gone;
  if (knows_ours && kept_drift_.empty())
    owners.insert(subject_.owners.begin(), subject_.owners.end());
  const bool is_known = may_others_have_moved() || !has_run_code_of_others();
  record_catalog_state(connection_, *catalog_, std::move(owners),
                       is_known ? std::optional(known_at_) : std::nullopt);
}

void ObjectRun::record(std::map<CatalogId, ServerDefinition> definitions) {
  if (may_others_have_moved()) {
    find_settled();
    std::vector<CatalogId> ids;
    for (const auto& [i, id] : live_) ids.push_back(id);
    definitions = catalog_->definitions(ids);
  }
  std::vector<std::pair<ObjectKey, StoredObject>> rows;
  std::set<std::size_t> dependents;
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    const ManagedObject& object = objects_[i];
    const auto stored = state_.objects.find(object.key);
    // With other objects there, what is named may be another one.
    if (stored != state_.objects.end() && may_mean_others()) dependents.insert(i);
    if (!made_.contains(i) && (kept_drift_.contains(i) || !may_others_have_moved())) continue;
    StoredObject row{object.hash,
                     "",
                     object.file,
                     object.undo,
                     StoredAddress(object.address),
                     *subject_.owners.begin()};
    if (const auto live = live_.find(i); live != live_.end())
      if (const auto found = definitions.find(live->second); found != definitions.end())
        row.definition = definition_digest(found->second, server_major());
    const bool has_moved = stored != state_.objects.end() && !row.definition.empty() &&
                           stored->second.definition != row.definition;
    if (!made_.contains(i) && !has_moved) continue;
    dependents.insert(i);
    rows.emplace_back(object.key, std::move(row));
  }
  record_objects(connection_, rows);
  record_needs(dependents);
  forget_objects(connection_, changes_.removed);
  report_.recorded = rows.size();
}

bool ObjectRun::may_mean_others() const {
  return !changes_.added.empty() || !changes_.removed.empty();
}

void ObjectRun::record_needs(const std::set<std::size_t>& dependents) {
  std::vector<ObjectKey> keys;
  std::vector<StoredDependency> needs;
  for (const std::size_t i : dependents) {
    keys.push_back(objects_[i].key);
    for (const Requirement& need : requirements_[i])
      needs.push_back({objects_[i].key, objects_[need.object].key, need.late});
  }
  record_dependencies(connection_, keys, needs);
}

/// Objects of others, and with them ours where nothing is declared: a script may have renamed what
/// they read, or taken them along.
void ObjectRun::settle_watched() {
  if (!watch_ || !may_others_have_moved()) return;
  for (const RecordedObject& gone : watch_->settle(connection_, *catalog_))
    report_.warnings.push_back(
        {Severity::warning,
         {},
         fmt::format("{} {} of {} went with what was dropped", object_kind_name(gone.key.kind),
                     gone.key.identity, owner_name(gone.stored.owner)),
         "",
         gone.stored.owner.empty() ? "`pgpm objects apply` makes it again."
                                   : "The next deploy of its module makes it again."});
}

ObjectReport ObjectRun::take_report() {
  return std::move(report_);
}

void ObjectRun::tell(ObjectStep::Act act, std::size_t object, const std::string& reason) {
  const ManagedObject& managed = objects_[object];
  tell({act, object_kind_name(managed.key.kind), managed.shown, managed.source->file(), reason});
}

void ObjectRun::tell(ObjectStep step) {
  if (done_) done_(step);
  report_.steps.push_back(std::move(step));
}

}  // namespace pgpm::objects
