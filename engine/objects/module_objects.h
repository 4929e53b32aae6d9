// The managed objects of modules: what a folder objects/ declares against what is recorded of the
// module, before a run decides anything. Nothing is written.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/objects/declarations.h"
#include "engine/objects/recorded.h"

namespace pgpm::objects {

struct ModuleObjects {
  std::shared_ptr<const Declarations> declared;
  std::vector<ObjectChange> changes;  ///< pending
  std::vector<Diagnostic> warnings;
  std::size_t recorded = 0;

  /// The declarations are those of the same files.
  bool operator==(const ModuleObjects& other) const {
    return changes == other.changes && recorded == other.recorded;
  }
};

/// `folder` may be "": nothing is declared. Outside a transaction: it begins one of its own, which
/// it rolls back. Throws like apply_objects().
ModuleObjects compare_module(db::Connection& connection, const std::string& module,
                             const std::string& folder);

/// The same for a database that is still to be made on this server: everything is new.
ModuleObjects foresee_module(db::Connection& connection, const std::string& folder);

/// All that is recorded of these modules, by module, as what goes when they go. May be called in a
/// transaction.
std::map<std::string, std::vector<ObjectChange>> recorded_objects(db::Connection& connection,
                                                                  const Owners& modules);

/// What is wrong with the declarations of a folder, by the files alone.
std::vector<Diagnostic> check_folder(const std::string& folder);

/// What is recorded of these modules, compared with the catalogs; without modules whose objects are
/// proven to be as recorded. In a transaction of its own, as above.
std::vector<RecordedObject> look_at_modules(db::Connection& connection, const Owners& modules);

}  // namespace pgpm::objects
