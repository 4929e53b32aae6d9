#include "engine/objects/module_objects.h"

#include "engine/db/own_transaction.h"
#include "engine/objects/catalog_state.h"
#include "engine/objects/run.h"

namespace pgpm::objects {

namespace {

std::shared_ptr<const Declarations> declarations_of(db::Connection& connection,
                                                    const std::string& folder) {
  if (folder.empty()) return std::make_shared<const Declarations>();
  const Naming naming{ServerCatalog(connection).search_path(), connection.server_version() / 10000};
  return std::make_shared<const Declarations>(
      read_folder({folder, CodeFolder::Of::module}, naming));
}

}  // namespace

ModuleObjects compare_module(db::Connection& connection, const std::string& module,
                             const std::string& folder) {
  // Nothing is to last: neither what SET LOCAL says, nor the snapshot.
  const db::OwnTransaction look(connection, db::OwnTransaction::reading);
  RunSubject subject;
  subject.owners = {module};
  ModuleObjects compared;
  compared.declared = declarations_of(connection, folder);
  subject.declared = compared.declared;
  ObjectRun run(connection, {}, {}, std::move(subject));
  run.prepare();
  compared.changes = run.pending();
  compared.warnings = run.warnings();
  compared.recorded = run.recorded();
  return compared;
}

ModuleObjects foresee_module(db::Connection& connection, const std::string& folder) {
  // Nothing is to last: neither what SET LOCAL says, nor the snapshot.
  const db::OwnTransaction look(connection, db::OwnTransaction::reading);
  ModuleObjects foreseen;
  foreseen.declared = declarations_of(connection, folder);
  for (const std::size_t i : foreseen.declared->order.sequence) {
    const ManagedObject& object = foreseen.declared->objects[i];
    ObjectChange& change = foreseen.changes.emplace_back();
    change.what = ObjectChange::What::added;
    change.kind = object_kind_name(object.key.kind);
    change.name = object.shown;
    change.file = object.file;
    change.reason = "new";
  }
  return foreseen;
}

std::map<std::string, std::vector<ObjectChange>> recorded_objects(db::Connection& connection,
                                                                  const Owners& modules) {
  std::map<std::string, std::vector<ObjectChange>> recorded;
  for (const auto& [key, stored] : read_state(connection, modules).objects) {
    ObjectChange& change = recorded[stored.owner].emplace_back();
    change.what = ObjectChange::What::removed;
    change.kind = object_kind_name(key.kind);
    change.name = key.identity;
    change.file = stored.file;
    change.reason = goes_with_module;
  }
  return recorded;
}

std::vector<Diagnostic> check_folder(const std::string& folder) {
  try {
    read_folder({folder, CodeFolder::Of::module}, {});
    return {};
  } catch (const Error& error) {
    if (!error.diagnostics().empty()) return error.diagnostics();
    return {{Severity::error, error.where().value_or(SourceLocation{folder, 0, 0}), error.what(),
             error.source_line(), error.hint()}};
  }
}

std::vector<RecordedObject> look_at_modules(db::Connection& connection, const Owners& modules) {
  // Nothing is to last: neither what SET LOCAL says, nor the snapshot.
  const db::OwnTransaction look(connection, db::OwnTransaction::reading);
  ServerCatalog catalog(connection);
  const ObjectState state = read_state(connection, modules);
  StoredObjects unknown;
  const Owners proven = proven_owners(catalog, state);
  for (const auto& [key, stored] : state.objects)
    if (!proven.contains(stored.owner)) unknown.emplace(key, stored);
  return look_at_recorded(catalog, unknown, connection.server_version() / 10000);
}

}  // namespace pgpm::objects
