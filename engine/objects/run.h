// One run over a database: what is pending, the scripts that come first, then the objects, all in a
// transaction that the caller ends. Planning and applying are the same run; only how it ends
// differs. The scripts are migrations of a directory, or changes of a module's plan, which the
// caller feeds in statement by statement.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/db/batch.h"
#include "engine/objects/catalog_state.h"
#include "engine/objects/changeset.h"
#include "engine/objects/cone.h"
#include "engine/objects/declarations.h"
#include "engine/objects/keepsake.h"
#include "engine/objects/migrations.h"
#include "engine/objects/recorded.h"
#include "engine/objects/server_catalog.h"
#include "engine/objects/statement_text.h"

namespace pgpm::objects {

enum class Recording { yes, no };

/// Why the objects of a module that is reverted are removed.
inline constexpr const char* goes_with_module = "goes with its module";

/// Whose objects a run is about, and what becomes of them.
struct RunSubject {
  Owners owners{""};
  enum class Goal {
    as_declared,
    as_they_were,  ///< what stands in the way of scripts is put back unchanged
    gone,
  } goal = Goal::as_declared;
  /// What to declare; nullptr = what the files of the options say.
  std::shared_ptr<const Declarations> declared;
  /// Those files, if somebody began to read them already.
  std::shared_ptr<EarlyDeclarations> early;
};

class ObjectRun {
 public:
  /// What `done` refers to must outlive the run.
  ObjectRun(db::Connection& connection, ObjectOptions options, ObjectStepDone done,
            RunSubject subject = {});

  /// Reads files and state and compares; throws for what is wrong with them.
  void prepare();
  bool has_work() const;
  /// What is pending as far as files and state tell, before anything was done.
  std::vector<ObjectChange> pending() const;
  const Declarations& declared() const { return declared_; }
  std::size_t recorded() const { return state_.objects.size(); }
  const std::vector<Diagnostic>& warnings() const { return report_.warnings; }
  /// Does it all but committing: begin(), the migrations, finish().
  void execute(Recording recording);

  /// From here on something may be written.
  void begin(Recording recording);
  /// Runs one statement of a script; whatever stands in its way is dropped, and comes back at the
  /// end. The failure if that was not enough: then nothing of the statement stays.
  std::optional<db::BatchFailure> run_statement(const std::shared_ptr<const sql::Script>& script,
                                                std::size_t statement,
                                                const std::string& script_name);
  /// Scripts ran in an earlier transaction: anything may read what they changed.
  void look_at_everything();
  void finish();
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
  void look_at_state();
  void read_recorded();
  void prove_recorded();
  void prepare_declared();
  /// What is there of what was applied: asked before it is known what the files declare.
  void look_up_known();
  std::vector<std::optional<CatalogId>> locate_declared();
  /// Statements that need not be parsed, if the catalogs are as they were.
  KnownStatements hoped_for() const;
  void compare_declared();
  /// Whether it is enough to know what changed: nothing else is touched, and who needs whom is as
  /// it was.
  bool knows_enough();
  bool adds_no_requirement();
  /// Before anything is done that takes more than what changed.
  void know_all();
  void arrange_tasks();
  void find_live();
  /// As recorded for certain, and with nothing to do about it: need not be looked up at all.
  bool is_settled(std::size_t object) const;
  /// Before it matters where settled objects are.
  void find_settled();
  /// Before something is done about objects that were settled: how they are.
  void remember(const std::vector<std::size_t>& objects);
  bool is_proven() const;
  void find_drift();
  void schedule(std::size_t object, Need need, std::string reason);
  /// What was made, as the server words it now.
  std::map<CatalogId, ServerDefinition> made_definitions();
  void finish_changes(const std::map<CatalogId, ServerDefinition>& after);
  void settle_watched();
  ObjectChange change_of(std::size_t object, Need need, std::string reason) const;
  ObjectChange removal_of(const ObjectKey& key) const;
  const char* script_word() const;
  const char* removal_reason() const;
  int server_major() const { return connection_.server_version() / 10000; }
  void record(std::map<CatalogId, ServerDefinition> definitions);
  bool may_mean_others() const;
  void record_needs(const std::set<std::size_t>& dependents);
  /// Whether objects may be worded otherwise now that nobody made anew.
  bool may_others_have_moved() const;
  /// Whether something ran that may have done anything.
  bool has_run_code_of_others() const;
  void record_catalogs();
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
  std::vector<CatalogId> blockers(const db::BatchFailure& failure, std::string_view statement);
  void look_at_touched();

  // run_make.cc
  void make_all();
  void make(const Place& place, const Task& task);
  std::optional<std::size_t> managed_at(const Place& place) const;
  /// Objects are put in another order when all of them are known.
  Place place_now(const Place& before, const std::optional<std::size_t>& object) const;
  void make_object(std::size_t object, const Task& task);
  void make_foreign(Foreign& foreign);
  void put_back(const Remake& remake);
  void create(std::size_t object, const Task& task);
  bool replace(std::size_t object, const Task& task);
  bool extend_enum(std::size_t object, const Task& task);
  void make_enum_anew(std::size_t object, const Task& task);
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
  const ObjectOptions options_;
  const ObjectStepDone done_;
  const RunSubject subject_;
  std::unique_ptr<ServerCatalog> catalog_;
  Naming naming_;
  ObjectState state_;
  MigrationPlan migrations_;
  Declarations declared_;
  bool knows_all_ = true;  ///< otherwise some of `declared_` were not parsed
  const std::vector<ManagedObject>& objects_ = declared_.objects;
  const Requirements& requirements_ = declared_.requirements;
  const CreationOrder& order_ = declared_.order;
  std::vector<std::vector<std::size_t>> needed_by_;
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
  std::map<Place, Task> deferred_;  ///< failed for want of something that is still to come
  std::map<Place, std::size_t> foreign_at_;
  std::vector<std::string> at_end_;  ///< empties materialized views that held no rows
  std::set<std::size_t> made_;       ///< created or replaced in this run
  std::set<std::size_t> kept_drift_;
  Owners proven_;  ///< whose objects are as recorded, without a look at them
  std::set<std::size_t> settled_;
  std::set<std::size_t> were_settled_;  ///< and are not in `before_`
  Moment known_at_;                     ///< when what is recorded was compared with what is there
  bool has_compared_ = false;           ///< what is recorded of our owners
  bool has_reshaped_ = false;           ///< something that others may be worded with
  std::optional<RecordedWatch> watch_;
  bool has_run_scripts_ = false;
  ObjectReport report_;
  Recording recording_ = Recording::no;
  bool has_executed_ = false;
};

}  // namespace pgpm::objects
