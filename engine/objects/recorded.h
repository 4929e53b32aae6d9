// Objects that were applied, as the catalogs have them now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/objects/server_catalog.h"
#include "engine/objects/state.h"

namespace pgpm::objects {

struct RecordedObject {
  ObjectKey key;
  StoredObject stored;
  enum class Condition {
    as_recorded,  ///< or nobody can tell: it was recorded on another major version
    changed,
    gone,
  } condition = Condition::as_recorded;
  std::string definition;  ///< digest of what is there; "" if nothing is
};

/// Whether a recorded digest is that of this definition, as far as this server can tell.
bool is_as_recorded(const std::string& digest, const ServerDefinition& definition,
                    int server_major);

/// In order of their keys. Comments and grants are in no catalog, and left out.
std::vector<RecordedObject> look_at_recorded(ServerCatalog& catalog, const StoredObjects& objects,
                                             int server_major);

/// Follows recorded objects through a run that is not about them: what was as recorded before it is
/// recorded anew behind it, and what went away with something else is forgotten.
class RecordedWatch {
 public:
  /// Objects of `proven` owners are known to be as recorded.
  RecordedWatch(ServerCatalog& catalog, const StoredObjects& objects, const Owners& proven,
                int server_major);
  /// Who has no object that is not as recorded.
  const Owners& sound_owners() const { return sound_; }
  /// Returns what is gone.
  std::vector<RecordedObject> settle(db::Connection& connection, ServerCatalog& catalog);

 private:
  StoredObjects as_recorded_;
  Owners sound_;
  int server_major_;
};

}  // namespace pgpm::objects
