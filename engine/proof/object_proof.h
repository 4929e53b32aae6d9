// The proof of a module's managed objects, once its changes are there: make them, look, remove
// them, look, make them again, look.
#pragma once

#include <memory>
#include <string>

#include "engine/catalog/partial_snapshot.h"
#include "engine/db/connection.h"
#include "engine/objects/run.h"
#include "pgpm/event.h"

namespace pgpm::proof {

/// What a check of this kind is called; no change has a blank in its name.
inline constexpr const char* object_check = "managed objects";

class ObjectProof {
 public:
  /// `catalog` is what the database contains now. The connection must outlive the proof.
  ObjectProof(db::Connection& connection, const std::string& module,
              std::shared_ptr<const objects::Declarations> declared,
              catalog::PartedSnapshot catalog, const SnapshotOptions& snapshot);

  /// Once. Throws Error(interrupted), Error(connection), Error(other) of a snapshot.
  void prove();

  /// Meaningful after prove().
  const CheckFinished& verdict() const { return verdict_; }
  const catalog::PartedSnapshot& catalog() const { return now_; }
  /// Whether the objects are in the database, so that modules after this one can be proven.
  bool are_there() const { return are_there_; }

 private:
  using Goal = objects::RunSubject::Goal;
  bool run(Goal goal, const char* what_failed);
  void compare(const catalog::PartedSnapshot& wanted, const std::string& what);
  void fail(const Error& error, const std::string& what);

  db::Connection& connection_;
  const std::string module_;
  const std::shared_ptr<const objects::Declarations> declared_;
  const SnapshotOptions snapshot_;
  catalog::PartedSnapshot now_;
  CheckFinished verdict_;
  bool are_there_ = false;
};

}  // namespace pgpm::proof
