// `adopt_objects`: from a database to files, and the state that goes with them.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "engine/db/advisory_lock.h"
#include "engine/db/own_transaction.h"
#include "engine/db/preflight.h"
#include "engine/objects/adoptable.h"
#include "engine/objects/declaration_paths.h"
#include "engine/objects/definition_digest.h"
#include "engine/objects/dependencies.h"
#include "engine/objects/migrations.h"
#include "engine/objects/order.h"
#include "engine/text/file.h"
#include "engine/text/new_files.h"
#include "pgpm/adopt_objects.h"

namespace pgpm {

namespace fs = std::filesystem;
using namespace objects;

namespace {

Diagnostic warning(std::string message, std::string hint = {}) {
  return {Severity::warning, {}, std::move(message), "", std::move(hint)};
}

DeclaredObject shown(const ManagedObject& object) {
  return {object_kind_name(object.key.kind), object.shown, object.file};
}

/// One object with what is said of it: the content of one file.
struct Candidate {
  Adoptable from;
  std::string text;
  std::vector<ManagedObject> declarations;  ///< the object first
};

class ObjectsAdoption {
 public:
  ObjectsAdoption(db::Connection& connection, const AdoptObjectsOptions& options)
      : connection_(connection),
        options_(options),
        catalog_(connection),
        naming_{catalog_.search_path(), connection.server_version() / 10000},
        state_(read_state(connection, {""})) {
    adoption_.database = connection.database();
  }

  /// Everything but writing: what cannot be done is found here.
  void prepare() {
    if (!options_.migrations_dir.empty())
      migrations_ = plan_migrations(options_.migrations_dir, state_).pending;
    for (const Migration& migration : migrations_) adoption_.migrations.push_back(migration.name);
    std::error_code none;
    if (fs::exists(options_.code_dir, none))
      existing_ = declare_objects({options_.code_dir}, naming_);
    read_candidates();
    sort_out_declared();
    place_files();
    check_order();
    warn();
  }

  bool has_work() const { return adoption_.recorded() > 0 || !migrations_.empty(); }

  void write(NewFiles& files) {
    for (const Candidate& candidate : candidates_)
      files.write(candidate.declarations.front().file, candidate.text);
    install_state(connection_);
    for (const Migration& migration : migrations_)
      record_migration(connection_, migration.name, migration.digests);
    record();
  }

  ObjectAdoption take() { return std::move(adoption_); }

 private:
  void leave_out(const Adoptable& object, const std::string& why) {
    adoption_.warnings.push_back(
        warning(fmt::format("{}: {}", object.what, why), "It is left to migrations."));
  }

  void read_candidates() {
    AdoptableObjects found = read_adoptable(catalog_, options_.schemas);
    adoption_.warnings = std::move(found.left_out);
    std::vector<Candidate> understood;
    for (Adoptable& object : found.objects)
      if (auto candidate = understand(std::move(object)))
        understood.push_back(std::move(*candidate));
    std::vector<Address> addresses;
    for (const Candidate& each : understood) addresses.push_back(each.declarations.front().address);
    const auto located = catalog_.locate(addresses);
    for (std::size_t i = 0; i < understood.size(); ++i) {
      if (located[i] == understood[i].from.id)
        candidates_.push_back(std::move(understood[i]));
      else
        leave_out(understood[i].from, "its declaration would mean something else");
    }
  }

  /// As declarations; nullopt if a statement is none, and then it is said why.
  std::optional<Candidate> understand(Adoptable object) {
    Candidate candidate;
    for (const std::string& statement : object.statements) candidate.text += statement + ";\n";
    std::vector<Diagnostic> problems;
    candidate.declarations = declare_text(object.what, "", candidate.text, naming_, problems);
    if (!problems.empty() || candidate.declarations.size() != object.statements.size()) {
      leave_out(object,
                problems.empty() ? "it is more than one declaration" : problems.front().message);
      return std::nullopt;
    }
    candidate.from = std::move(object);
    return candidate;
  }

  /// What is managed, and what files declare already, needs no file.
  void sort_out_declared() {
    std::map<ObjectKey, const ManagedObject*> declared;
    for (const ManagedObject& object : existing_) declared[object.key] = &object;
    std::vector<Candidate> unknown;
    for (Candidate& candidate : candidates_) {
      const ManagedObject& object = candidate.declarations.front();
      const auto found = declared.find(object.key);
      if (state_.objects.contains(object.key) || state_.others.contains(object.key))
        ++adoption_.managed;
      else if (found == declared.end())
        unknown.push_back(std::move(candidate));
      else
        take_as_declared(candidate, declared);
    }
    candidates_ = std::move(unknown);
  }

  void take_as_declared(const Candidate& candidate,
                        const std::map<ObjectKey, const ManagedObject*>& declared) {
    for (const ManagedObject& object : candidate.declarations) {
      const auto found = declared.find(object.key);
      if (found != declared.end() && found->second->hash == object.hash) {
        adoption_.declared.push_back(shown(*found->second));
        recorded_.emplace_back(object.address.klass.empty() ? CatalogId{} : candidate.from.id,
                               *found->second);
      } else if (found == declared.end()) {
        adoption_.warnings.push_back(warning(fmt::format(
            "{}: {} declares it without this: {}", candidate.from.what,
            declared.at(candidate.declarations.front().key)->where().to_string(), object.text)));
      } else {
        adoption_.warnings.push_back(
            {Severity::warning, found->second->where(),
             fmt::format("{} {} is declared here in other words than the database has it",
                         object_kind_name(object.key.kind), object.shown),
             "", "It is not adopted. Remove the declaration to see the database's."});
        return;
      }
    }
  }

  void place_files() {
    std::vector<const ManagedObject*> objects;
    for (const Candidate& candidate : candidates_)
      objects.push_back(&candidate.declarations.front());
    const std::vector<std::string> paths = declaration_paths(objects);
    const NewFiles files(options_.code_dir);
    std::vector<Diagnostic> taken;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      ObjectAdoption::File file{paths[i], {}};
      for (ManagedObject& object : candidates_[i].declarations) {
        object.file = paths[i];
        file.objects.push_back(shown(object));
      }
      files.check(paths[i]);
      if (files.exists(paths[i]))
        taken.push_back(
            {Severity::error,
             {shown_path(fs::path(options_.code_dir) / paths[i]), 0, 0},
             fmt::format("is there already, and does not declare {}", candidates_[i].from.what),
             "",
             ""});
      adoption_.files.push_back(std::move(file));
    }
    if (!taken.empty())
      throw Error(ErrorCode::refused, "files would be written over")
          .with(std::move(taken))
          .hint("Move them, or adopt into an empty directory.")
          .leaving("nothing was changed");
    std::sort(adoption_.files.begin(), adoption_.files.end(),
              [](const auto& a, const auto& b) { return a.file < b.file; });
  }

  /// The files together: what was there and what is new.
  void check_order() {
    all_ = existing_;
    for (const Candidate& candidate : candidates_)
      all_.insert(all_.end(), candidate.declarations.begin(), candidate.declarations.end());
    requirements_ = find_requirements(all_, naming_);
    order_objects(all_, requirements_);
  }

  void warn() {
    std::map<std::string, std::size_t> owned;
    const std::string self = connection_.exec("SELECT current_user").str(0, 0);
    for (const Candidate& candidate : candidates_) {
      const Adoptable& from = candidate.from;
      if (!from.owner.empty() && from.owner != self &&
          !is_attached(candidate.declarations[0].key.kind))
        ++owned[from.owner];
      for (const std::string& unsaid : from.unsaid)
        adoption_.warnings.push_back(
            warning(fmt::format("{}: {} does not say {}", from.what,
                                candidate.declarations.front().file, unsaid),
                    "It stays as it is here; a database that is built from the files lacks it."));
    }
    for (const auto& [owner, number] : owned)
      adoption_.warnings.push_back(
          warning(fmt::format("{} {} to {}, which files do not say", number,
                              number == 1 ? "object belongs" : "objects belong", owner),
                  "Who builds a database from the files owns what is made."));
  }

  void record() {
    for (const Candidate& candidate : candidates_)
      for (const ManagedObject& object : candidate.declarations)
        recorded_.emplace_back(object.address.klass.empty() ? CatalogId{} : candidate.from.id,
                               object);
    std::vector<CatalogId> ids;
    for (const auto& [id, object] : recorded_)
      if (id != CatalogId{}) ids.push_back(id);
    const auto definitions = catalog_.definitions(ids);
    std::vector<std::pair<ObjectKey, StoredObject>> rows;
    std::vector<ObjectKey> keys;
    for (const auto& [id, object] : recorded_) {
      StoredObject row{object.hash, "", object.file, object.undo, StoredAddress(object.address),
                       ""};
      if (const auto found = definitions.find(id); found != definitions.end())
        row.definition = definition_digest(found->second, naming_.server_major);
      keys.push_back(object.key);
      rows.emplace_back(object.key, std::move(row));
    }
    const std::set<ObjectKey> dependents(keys.begin(), keys.end());
    std::vector<StoredDependency> needs;
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (dependents.contains(all_[i].key))
        for (const Requirement& need : requirements_[i])
          needs.push_back({all_[i].key, all_[need.object].key, need.late});
    record_objects(connection_, rows);
    record_dependencies(connection_, keys, needs);
  }

  db::Connection& connection_;
  const AdoptObjectsOptions& options_;
  ServerCatalog catalog_;
  Naming naming_;
  ObjectState state_;
  std::vector<Migration> migrations_;
  std::vector<ManagedObject> existing_, all_;
  Requirements requirements_;
  std::vector<Candidate> candidates_;  ///< to be written
  std::vector<std::pair<CatalogId, ManagedObject>> recorded_;
  ObjectAdoption adoption_;
};

}  // namespace

std::size_t ObjectAdoption::recorded() const {
  std::size_t number = declared.size();
  for (const File& file : files) number += file.objects.size();
  return number;
}

ObjectAdoption adopt_objects(const Target& target, const AdoptObjectsOptions& options,
                             std::stop_token stop) {
  db::Connection connection = db::Connection::open(target, std::move(stop));
  db::preflight(connection, options.dry_run ? db::Intent::read : db::Intent::write);
  std::optional<db::RunLock> lock;
  if (!options.dry_run) lock.emplace(db::RunLock::acquire(connection, options.lock_wait, {}));
  db::OwnTransaction transaction(connection);
  ObjectsAdoption adoption(connection, options);
  adoption.prepare();
  if (options.dry_run || !adoption.has_work()) return adoption.take();
  NewFiles files(options.code_dir);
  adoption.write(files);
  transaction.commit();
  files.keep();
  return adoption.take();
}

}  // namespace pgpm
