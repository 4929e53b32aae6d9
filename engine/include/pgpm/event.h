// What a run tells while it runs: facts, never sentences. The engine emits, renderers (cli/render)
// and tests (RecordingObserver) listen. Names of events are a public contract (JSON lines): see
// event_name().
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "pgpm/catalog.h"
#include "pgpm/error.h"

namespace pgpm {

using Seconds = std::chrono::duration<double>;

/// What is done with a change.
enum class Action { deploy, log_only, revert, verify };
const char* action_name(Action action);

/// Which changes share a transaction.
enum class TransactionScope { change, module, run, none };
const char* scope_name(TransactionScope scope);

enum class Outcome { ok, failed, interrupted };
const char* outcome_name(Outcome outcome);

/// What a check looks at.
enum class CheckKind {
  cycle,  ///< a step of a module's cycle: "deploy", "verify", "revert", "catalog after revert" ...
  proof,  ///< one change: does its revert script restore what its deploy script found?
  sql_test,  ///< one test file
};
const char* check_kind_name(CheckKind kind);

enum class Verdict { passed, failed, skipped };
const char* verdict_name(Verdict verdict);

/// A run begins. `changes` is how many changes it will handle, all modules together.
struct RunStarted {
  std::string command;  ///< "deploy", "revert", "verify", "test-packages", "prove", "test",
                        ///< "session deploy"
  std::string database;
  std::vector<std::string> modules;  ///< packages, in the order they are handled
  std::size_t changes = 0;
  std::size_t checks = 0;  ///< how many checks a testing run will make, if that is known
};
/// Another run holds the lock and we wait for it. Emitted again when the holder changes.
struct LockWaiting {
  int pid = 0;
  std::string user, application, since, command;
};
/// A session that keeps ours from a lock. What the role may not see of it is "" and 0.
struct Blocker {
  int pid = 0;  ///< 0 = a prepared transaction, which has no session any more
  std::string user, application;
  /// "active", "idle in transaction", ..., or what it is if it is nobody's session: "autovacuum",
  /// "prepared transaction".
  std::string state;
  Seconds transaction_age{0};
  std::string connected_since, query_start;  ///< ISO 8601, UTC
  std::string query;                         ///< its first line; "" if that is not wanted
};
/// A transaction did not get a lock in time, or gave way to another (deadlock, serialization). It
/// was rolled back as a whole. If there is a `next_pause` it runs again after it: what was told of
/// its changes before is not told again.
struct LockMissed {
  std::string module, change;  ///< where it stopped; change is "" between changes
  std::size_t attempt = 1;
  std::string sqlstate;  ///< 55P03, 40P01, 40001
  Seconds waited{0};     ///< since the transaction first began
  std::optional<Seconds> next_pause;
  std::vector<Blocker> blockers;  ///< as last seen; empty if nobody was seen
};
/// A statement has been waiting for a lock for long. Again when others are in the way.
struct LockAwaited {
  Seconds waited{0};
  std::vector<Blocker> blockers;
};
/// The server was asked to end what a blocker does, because of RunOptions::evict.
struct BlockerEvicted {
  Blocker blocker;
  bool session_ended = false;  ///< else only its query was cancelled
  std::string refusal;         ///< why the server would not; "" if it did
};
/// How far the server is with an index that a change builds outside a transaction, about once a
/// second.
struct IndexProgress {
  std::string module, change;
  std::string phase;                ///< the server's word for it
  std::size_t done = 0, total = 0;  ///< total 0 = this phase counts nothing
  std::string unit;                 ///< "blocks", "tuples", "lockers", ""
};
struct ExtensionCreated {
  std::string extension, module;
};
struct ModuleStarted {
  std::string module;
  std::size_t changes = 0;
};
/// `index` counts from 1 to RunStarted::changes.
struct ChangeStarted {
  Action action = Action::deploy;
  std::string module, change;
  std::size_t index = 0;
};
/// Pairs with ChangeStarted, also on failure. `verified` tells whether a verify script ran and
/// passed.
struct ChangeFinished {
  Action action = Action::deploy;
  std::string module, change;
  std::size_t index = 0;
  Outcome outcome = Outcome::ok;
  bool verified = false;
  Seconds duration{0};
};
/// A change that needed nothing ("already deployed", "not deployed").
struct ChangeSkipped {
  std::string module, change, reason;
};
/// A tag that was planned on a change deployed by an earlier run is now in the ledger. (Tags of
/// changes that this run deploys go with their change.)
struct TagRecorded {
  std::string module, tag, change;  ///< tag without '@'
};
/// Something was done to a managed object of a module (pgpm/objects.h). It lasts if the run's
/// transaction is committed.
struct ObjectHandled {
  std::string module;
  std::string act;  ///< "drop", "create", "replace", "restore", "remove"
  std::string kind, name;
  std::string file;  ///< the declaration; "" if it is not made from one
  std::string reason;
};
/// The server raised a notice or warning while a script ran. module/change are "" outside scripts.
struct NoticeRaised {
  std::string module, change;
  ServerMessage message;
};
/// Something the user should know that does not stop the run.
struct WarningRaised {
  std::string module, change;
  Diagnostic diagnostic;
};
/// A verify script failed. The run may go on (verify) or not (deploy).
struct VerifyFailed {
  std::string module, change;
  SourceLocation where;
  std::string source_line;
  ServerMessage message;
};
/// One question of a testing run. Kind, module and name together tell checks apart; those of
/// modules that are tested side by side interleave.
struct CheckStarted {
  CheckKind kind = CheckKind::cycle;
  std::string module, name;
};
/// Pairs with CheckStarted, also on failure. A failed check does not end the run by itself.
struct CheckFinished {
  CheckKind kind = CheckKind::cycle;
  std::string module, name;
  Verdict verdict = Verdict::passed;
  ErrorCode code = ErrorCode::other;  ///< what kind of failure; only for Verdict::failed
  std::string message;  ///< why it failed or was skipped, one line; of a passed one a remark, or ""
  /// What there is to see in the user's files: the first one of a failed check is where to look.
  /// A passed check may carry warnings.
  std::vector<Diagnostic> findings;
  std::vector<ObjectDifference>
      differences;       ///< what the catalog has too much, too little, changed
  ServerMessage server;  ///< what the server said; severity "" = nothing
  Seconds duration{0};
};
/// Which modules a testing run takes by themselves, and which of them cover the others.
struct ModulesSelected {
  std::vector<std::string> selected;
  std::vector<std::pair<std::string, std::string>> covered;  ///< (module, covered by)
};
/// The database of a failed module was left behind for a look.
struct DatabaseKept {
  std::string module, database;
  std::string host, port, user;  ///< how to reach it; "" = libpq's default
};
struct Committed {
  TransactionScope scope = TransactionScope::module;
  std::string module;       ///< "" when scope is run
  std::size_t changes = 0;  ///< how many changes this commit made durable
};
struct RolledBack {
  TransactionScope scope = TransactionScope::module;
  std::string module;
};
/// The files of a session project are in the session, and its deploy.sql is about to run.
struct SessionLoaded {
  std::string project, database;
  std::size_t files = 0;  ///< all that were read, tests and files that are not SQL included
  std::size_t parameters = 0;
  std::size_t test_macros = 0;  ///< how many CALL pgmi_test() were expanded
  std::size_t units = 0;        ///< messages its deploy.sql is sent in
};
/// One message of deploy.sql is done: the statements up to its first COMMIT, or a single one behind
/// it.
struct UnitFinished {
  std::size_t index = 0;  ///< from 1
  Outcome outcome = Outcome::ok;
};
/// Pairs with RunStarted, also on failure. Counts changes, in a testing run checks.
struct RunFinished {
  std::string command;
  Outcome outcome = Outcome::ok;
  std::size_t done = 0, skipped = 0, failed = 0;  ///< done = committed, verified, passed
  Seconds duration{0};
};

using EventKinds =
    std::variant<RunStarted, LockWaiting, IndexProgress, LockMissed, LockAwaited, BlockerEvicted,
                 ExtensionCreated, ModuleStarted, ChangeStarted, ChangeFinished, ChangeSkipped,
                 TagRecorded, ObjectHandled, NoticeRaised, WarningRaised, VerifyFailed,
                 CheckStarted, CheckFinished, ModulesSelected, DatabaseKept, Committed, RolledBack,
                 SessionLoaded, UnitFinished, RunFinished>;

/// One of them, for std::get_if, std::holds_alternative and std::visit. A class of its own, because
/// copying and destroying so many alternatives is much to compile: it is compiled once, not by
/// every file that sees an event.
class Event : public EventKinds {
 public:
  template <class Kind>
  requires(!std::is_same_v<std::remove_cvref_t<Kind>, Event>)
      Event(Kind&& kind)  // NOLINT(google-explicit-constructor): a fact is an event
      : EventKinds(std::in_place_type<std::remove_cvref_t<Kind>>, std::forward<Kind>(kind)) {}
  Event(const Event& other);
  Event(Event&& other) noexcept;
  Event& operator=(const Event& other);
  Event& operator=(Event&& other) noexcept;
  ~Event();
};

/// "run_started", "change_finished", ...: the `event` member of a JSON line.
const char* event_name(const Event& event);

}  // namespace pgpm
