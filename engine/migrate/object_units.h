// The units of a run that have to do with managed objects. What a change needs out of its way goes
// when the server says so, and comes back before the transaction ends; all of a transaction's units
// of a module share what is known of its objects. Nothing is told from here: who runs the units
// takes what was done and tells it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/db/batch.h"
#include "engine/migrate/prepared_run.h"
#include "engine/migrate/unit.h"
#include "engine/objects/run.h"

namespace pgpm {

class ObjectUnits {
 public:
  /// All must outlive it.
  ObjectUnits(db::Connection& connection, const PreparedRun& run, const std::vector<Unit>& units,
              long run_id);

  struct Failed {
    db::BatchFailure failure;
    db::Fragment fragment;
  };
  /// A unit of Kind::guarded. Returns what ended it: something of the change's own. Throws Error
  /// for what happens to objects.
  std::optional<Failed> run_change(std::size_t unit);
  /// A unit of Kind::objects, objects_back or objects_gone.
  void run_objects(std::size_t unit);
  /// The transaction was rolled back.
  void forget();

  /// What was done since the last call.
  std::vector<ObjectStep> take_steps() { return std::move(steps_); }
  std::vector<Diagnostic> take_warnings() { return std::move(warnings_); }

 private:
  bool ends_as_declared(std::size_t unit) const;
  objects::ObjectRun& begin(objects::RunSubject subject);
  objects::ObjectRun& begin_for(std::size_t unit);
  void finish();
  std::optional<Failed> run_script(const StoredScript& script, std::size_t unit);
  std::optional<Failed> send(const db::Batch& batch);

  db::Connection& connection_;
  const PreparedRun& run_;
  const std::vector<Unit>& units_;
  long run_id_;
  std::unique_ptr<objects::ObjectRun> objects_;  // of the transaction under way
  std::size_t known_warnings_ = 0;               // of it: they were told before the run
  std::vector<ObjectStep> steps_;
  std::vector<Diagnostic> warnings_;
};

}  // namespace pgpm
