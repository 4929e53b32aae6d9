// What was applied last, as the database remembers it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/db/connection.h"
#include "engine/objects/managed_object.h"

namespace pgpm::objects {

struct StoredObject {
  std::string statement_hash, definition, file, undo;
  Address address;
};

struct StoredMigration {
  std::string script_hash, fingerprint;
};

struct ObjectState {
  bool installed = false;
  std::map<ObjectKey, StoredObject> objects;
  std::map<std::string, StoredMigration> migrations;
};

struct StoredDependency {
  ObjectKey dependent, required;
  bool late = false;
};

/// Empty if nothing was ever applied. Never writes.
ObjectState read_state(db::Connection& connection);

/// Inside a transaction of the caller's.
void install_state(db::Connection& connection);
void record_migration(db::Connection& connection, const std::string& name,
                      const StoredMigration& migration);
void record_objects(db::Connection& connection,
                    const std::vector<std::pair<ObjectKey, StoredObject>>& objects,
                    const std::vector<StoredDependency>& dependencies);
void forget_objects(db::Connection& connection, const std::vector<ObjectKey>& keys);

}  // namespace pgpm::objects
