// Managed objects: views, functions, types and what hangs on them, each declared in a file of SQL
// that is always the current truth, beside migrations that run once each. A run brings a database
// from what was applied last to what the files say: it lets the migrations through by dropping
// exactly what the server says stands in their way, and puts everything back with its owner,
// rights, comments and so on. The verbs here work with a folder of migrations; a module with a
// folder objects/ has its plan instead, and deploy(), revert(), verify() and status() see to them.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "pgpm/error.h"
#include "pgpm/event.h"
#include "pgpm/target.h"

namespace pgpm {

enum class ObjectKind {
  view,
  materialized_view,
  function,
  procedure,
  aggregate,
  type,
  domain,
  trigger,
  rule,
  policy,
  operation,
  cast,
  index,
  comment,
  grant,
};
/// "view", "materialized view", "operator", ...: as the server calls it.
const char* object_kind_name(ObjectKind kind);

/// What a program notices that was written for the schema before.
enum class Compatibility {
  safe,       ///< nothing
  transient,  ///< what it relies on is the same, but the object was replaced under it
  breaking,   ///< what it relies on is gone or has another shape
};
const char* compatibility_name(Compatibility compatibility);

/// What to do with an object that somebody else changed since it was applied.
enum class OnDrift { error, overwrite, keep };
/// What to do with objects of others that need one that has to be dropped.
enum class OnUnmanaged {
  restore,  ///< drop them as well, and make them again as they were
  refuse,   ///< end with Error(refused) that names them
};

/// Where the files are. "" = there are none of that kind, and nothing of it is compared.
struct ObjectFiles {
  std::string migrations_dir;  ///< *.sql in it, each run once, in order of their names
  std::string code_dir;        ///< *.sql in it and below, declarations
  bool operator==(const ObjectFiles&) const = default;
};

/// pgmg.toml: what need not be said again with every command.
struct ObjectSettings {
  ObjectFiles files;
  Secret connection;         ///< a connection URI, with what [tls] says
  std::string output_graph;  ///< where a plan draws the declarations; "" = nowhere
  bool checks_plpgsql = false, notifies = false;  ///< as in ObjectOptions
};
/// The file of that name in `dir`; all empty if there is none. Paths in it are meant from `dir`.
/// Throws Error(configuration) with the line of what is wrong.
ObjectSettings read_object_settings(const std::string& dir);

struct ObjectOptions {
  ObjectFiles files;
  OnDrift on_drift = OnDrift::overwrite;
  OnUnmanaged on_unmanaged = OnUnmanaged::restore;
  std::chrono::milliseconds lock_wait{60000};   ///< for another run to end; 0 = do not wait
  std::string lock_timeout, statement_timeout;  ///< server settings ("5s"), "" = the server's own
  /// PL/pgSQL bodies that are new or near to what changed are looked at by the extension
  /// plpgsql_check; an error it finds ends the run. Without the extension that is a warning.
  bool checks_plpgsql = false;
  /// Other sessions are told by NOTIFY: pgmg.apply_initiated (by a session of its own, when only
  /// the commit is missing: before, the run's severity is not known), then pgmg.apply_succeeded or
  /// pgmg.apply_failed, and pgmg.object_loaded for each object that was made. Payloads are JSON; a
  /// list that is too long for one is its length.
  bool notifies = false;
};

/// The declarations of a code directory and what they need of each other, by the files alone.
struct DeclaredObject {
  std::string kind, name, file;
};
struct DeclaredGraph {
  std::vector<DeclaredObject> objects;  ///< in the order they can be made
  /// (dependent, required), indices of `objects`.
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  std::size_t migrations = 0;  ///< scripts of the migrations directory, all sound
};
/// Names without a schema are taken to be of schema public. Throws like apply_objects() for what
/// is wrong with the files.
DeclaredGraph read_declarations(const ObjectFiles& files);

/// Calls `changed` at once, then after SQL files in a directory or below it changed and `quiet`
/// passed without a further change, until a stop is requested. `changed` may take its time, also
/// the first time: what changes meanwhile is told afterwards. Throws Error(configuration) if there
/// is no such directory, Error(other) if the system cannot watch.
void watch_files(const std::string& directory, std::chrono::milliseconds quiet,
                 const std::function<void()>& changed, std::stop_token stop);

/// One thing a run does, in the order it does it.
struct ObjectStep {
  enum class Act {
    drop,     ///< it is in the way, and comes back
    migrate,  ///< `name` is the migration's
    create,
    replace,  ///< in place: nobody who needs it is touched
    restore,  ///< an object of others, as it was
    remove,   ///< its file is gone
  } act = Act::create;
  std::string kind;  ///< "view", "function", ...
  std::string name;  ///< as people write it: without the schema where that is understood
  std::string file;  ///< the declaration or migration; "" for objects of others
  std::string reason;
};
const char* object_act_name(ObjectStep::Act act);

struct PendingMigration {
  std::string name, file;
  Compatibility compatibility = Compatibility::safe;
};

/// A managed object that is not as it was.
struct ObjectChange {
  enum class What {
    added,
    modified,
    removed,
    affected,  ///< its file is the same; a migration or another object made it necessary
    drifted,   ///< changed in the database by somebody else
  } what = What::modified;
  std::string kind, name;
  std::string file;  ///< relative to the code directory, line included if it is not the only one
  std::string reason;
  Compatibility compatibility = Compatibility::safe;
  bool operator==(const ObjectChange&) const = default;
};
const char* object_change_name(ObjectChange::What what);

struct ObjectReport {
  std::string database;
  std::vector<PendingMigration> migrations;
  std::vector<ObjectChange> changes;
  std::vector<ObjectStep> steps;
  std::vector<Diagnostic> warnings;
  std::size_t recorded = 0;                           ///< object hashes written
  Compatibility compatibility = Compatibility::safe;  ///< the worst of all
  Seconds duration{0};

  bool nothing_to_do() const { return steps.empty(); }
};

/// Called as steps are done, on the thread of the run. They last only if the run goes through.
using ObjectStepDone = std::function<void(const ObjectStep&)>;

/// What apply_objects() would do: it is tried in a transaction that is rolled back, so that the
/// server, not a guess, says what is in the way of what. Nothing is written, not even our own
/// schema; if nothing is pending, nothing is locked either. Throws like apply_objects().
ObjectReport plan_objects(const Target& target, const ObjectOptions& options, std::stop_token stop);

/// Brings the database to what the files say, in one transaction: it all happens or nothing does.
/// Throws Error(configuration) for files that cannot be read as declarations, cycles and
/// duplicates, Error(edited_script) for a migration that ran and was edited since, Error(refused)
/// for what would take something from others, Error(sql) with the line in the file. Blocks; one
/// connection, on the calling thread.
ObjectReport apply_objects(const Target& target, const ObjectOptions& options, std::stop_token stop,
                           const ObjectStepDone& done = {});

}  // namespace pgpm
