// What was applied last, as the database remembers it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/db/connection.h"
#include "engine/objects/managed_object.h"

namespace pgpm::objects {

/// Who declares objects: a module by its package, or "", the code directory of `pgpm objects`.
using Owners = std::set<std::string>;
/// "module shop", "`pgpm objects`"
std::string owner_name(const std::string& owner);

/// An address as it is recorded, read when somebody wants to know: of thousands of objects that
/// nothing is done about, nobody does. For one thread.
class StoredAddress {
 public:
  StoredAddress() = default;
  explicit StoredAddress(std::string json) : json_(std::move(json)) {}
  explicit StoredAddress(const Address& address);
  const std::string& json() const { return json_; }
  const Address& get() const;

 private:
  std::string json_;
  mutable std::optional<Address> read_;
};

struct StoredObject {
  std::string statement_hash, definition, file, undo;
  StoredAddress address;
  std::string owner;
};
using StoredObjects = std::map<ObjectKey, StoredObject>;

struct StoredMigration {
  std::string script_hash, fingerprint;
};

/// As catalog_state.sql counts.
struct CatalogCount {
  std::string rows, digest;
  bool operator==(const CatalogCount&) const = default;
};

/// A state of the catalogs in which all objects of `owners` were as recorded (catalog_state.h).
struct CatalogState {
  Owners owners;
  std::vector<std::string> search_path;
  std::string since;
  CatalogCount count;
};

/// A moment in the life of a server: what was committed by then.
struct Moment {
  std::string snapshot;
  std::string oldest;  ///< transaction that was not over, 64 bits
};

struct ObjectState {
  bool installed = false;
  Moment read_at;                       ///< a little before
  std::optional<CatalogState> catalog;  ///< if this role may look at all that it takes to prove it
  bool has_event_triggers = false;      ///< which may do something about whatever is done
  StoredObjects objects;                ///< of the owners that were asked for
  StoredObjects others;                 ///< of all other owners
  std::map<std::string, StoredMigration> migrations;
};

struct StoredDependency {
  ObjectKey dependent, required;
  bool late = false;
};

/// Empty if nothing was ever applied. Never writes.
ObjectState read_state(db::Connection& connection, const Owners& owners);

/// Inside a transaction of the caller's.
void install_state(db::Connection& connection);
void record_migration(db::Connection& connection, const std::string& name,
                      const StoredMigration& migration);
void record_objects(db::Connection& connection,
                    const std::vector<std::pair<ObjectKey, StoredObject>>& objects);
/// All that `dependents`, which are recorded, need.
void record_dependencies(db::Connection& connection, const std::vector<ObjectKey>& dependents,
                         const std::vector<StoredDependency>& dependencies);
/// What these need to be there when they are made: (dependent, required).
std::set<std::pair<ObjectKey, ObjectKey>> early_dependencies(
    db::Connection& connection, const std::vector<ObjectKey>& dependents);
/// The server words them anew: another column was renamed, say.
void record_definitions(db::Connection& connection,
                        const std::vector<std::pair<ObjectKey, std::string>>& definitions);
void forget_objects(db::Connection& connection, const std::vector<ObjectKey>& keys);

}  // namespace pgpm::objects
