// One run over a database: what is pending, the migrations, then the objects, all in a transaction
// that the caller ends. Planning and applying are the same run; only how it ends differs.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/db/batch.h"
#include "engine/objects/changeset.h"
#include "engine/objects/cone.h"
#include "engine/objects/keepsake.h"
#include "engine/objects/migrations.h"
#include "engine/objects/order.h"
#include "engine/objects/server_catalog.h"
#include "engine/objects/statement_text.h"

namespace pgpm::objects {

enum class Recording { yes, no };

class ObjectRun {
 public:
  ObjectRun(db::Connection& connection, const ObjectOptions& options, const ObjectStepDone& done);

  /// Reads files and state and compares; throws for what is wrong with them.
  void prepare();
  bool has_work() const;
  /// Does it all but committing.
  void execute(Recording recording);
  /// Whether there is something to commit.
  bool has_work_done() const { return has_executed_; }
  ObjectReport take_report();

 private:
  /// Why an object is looked at.
  enum class Need {
    look,  ///< something under it changed: is it still what its file says?
    added,
    modified,
    drifted,
    again,  ///< it was dropped, or what it hangs on was made anew
  };
  /// An object of others that was dropped.
  struct Foreign {
    Remake remake;
    Keepsake kept;
    CatalogId id;
    std::string reason;
  };
  /// In the order things are made: managed objects by their place, those of others right behind
  /// what they need.
  using Place = std::pair<std::size_t, std::size_t>;
  struct Task {
    Need need = Need::look;
    std::string reason;
  };

  // run.cc
  /// What is there of what was applied: asked before it is known what the files declare.
  void look_up_known();
  std::vector<std::optional<CatalogId>> locate_declared();
  void find_live();
  void find_drift();
  void schedule(std::size_t object, Need need, std::string reason);
  void finish_changes();
  void record();
  void tell_what_is_loaded();

  // run_drop.cc
  void drop_cone(const std::vector<CatalogId>& seeds, const std::string& reason);
  void refuse_cone(const std::vector<ConeUnit>& cone, const std::set<CatalogId>& seeds,
                   const std::map<CatalogId, Remake>& remakes) const;
  void drop_unit(CatalogId id, const Remake& remake, const std::string& reason);
  void remove_undeclared();
  void take_back_sayings();
  std::size_t place_behind(const std::vector<CatalogEdge>& edges, CatalogId id) const;

  // run_migrate.cc
  void migrate();
  void run_migration(const Migration& migration);
  void run_statement(const Migration& migration, std::size_t statement);
  std::vector<CatalogId> blockers(const db::BatchFailure& failure, std::string_view statement);
  void look_at_touched();

  // run_make.cc
  void make_all();
  void make(const Place& place, const Task& task);
  void make_object(std::size_t object, const Task& task);
  void make_foreign(Foreign& foreign);
  void create(std::size_t object, const Task& task);
  bool replace(std::size_t object, const Task& task);
  bool extend_enum(std::size_t object, const Task& task);
  bool is_as_declared(std::size_t object);
  bool is_same_when_replaced(std::size_t object);
  void send(std::size_t object, const SentText& text);
  void look_at_dependents(std::size_t object, const std::string& reason);
  void say_again(std::size_t object);
  void check_bodies();

  // run_alter.cc
  bool alter_type(std::size_t object, const Task& task);
  TypeParts parts_as_declared(std::size_t object, const TypeParts& parts);
  void move_away(std::size_t object, const TypeParts& parts);
  static bool may_be_remade(const Error& error);

  // run_check.cc
  void check_plpgsql();
  std::vector<CatalogId> bodies_to_check() const;

  // run_fill.cc
  /// Whether what made it fail is out of the way now: materialized views it reads were filled.
  bool fill_sources(const Error& error, const Place& place, const Task& task);
  std::vector<std::string> unfilled_sources(const Place& place);
  std::optional<std::string> reading_text(const Place& place) const;

  void tell(ObjectStep::Act act, std::size_t object, const std::string& reason);
  void tell(ObjectStep step);

  db::Connection& connection_;
  const ObjectOptions& options_;
  const ObjectStepDone& done_;
  std::unique_ptr<ServerCatalog> catalog_;
  Naming naming_;
  ObjectState state_;
  MigrationPlan migrations_;
  std::vector<ManagedObject> objects_;
  Requirements requirements_;
  std::vector<std::vector<std::size_t>> needed_by_;
  CreationOrder order_;
  std::vector<std::size_t> place_of_;  ///< by object
  ObjectChangeset changes_;

  std::map<ObjectKey, std::optional<CatalogId>> known_;  ///< of the state, until it is used
  std::map<CatalogId, ServerDefinition> known_definitions_;
  std::map<std::size_t, CatalogId> live_;           ///< declared and there
  std::map<CatalogId, std::size_t> declared_at_;    ///< the other way round
  std::map<CatalogId, ObjectKey> removed_at_;       ///< declared no more, still there
  std::map<std::size_t, ServerDefinition> before_;  ///< as they were when the run began
  std::map<ObjectKey, ServerDefinition> removed_before_;
  std::map<std::size_t, Keepsake> kept_;
  std::map<std::size_t, ObjectChange> changed_;  ///< by object
  std::vector<Foreign> foreign_;
  std::map<Place, Task> tasks_;
  std::map<Place, std::size_t> foreign_at_;
  std::vector<std::string> at_end_;  ///< empties materialized views that held no rows
  std::set<std::size_t> made_;       ///< created or replaced in this run
  std::set<std::size_t> kept_drift_;
  ObjectReport report_;
  Recording recording_ = Recording::no;
  bool has_executed_ = false;
};

}  // namespace pgpm::objects
