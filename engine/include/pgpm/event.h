// What a run tells while it runs: facts, never sentences. The engine emits, renderers (cli/render)
// and tests (RecordingObserver) listen. Names of events are a public contract (JSON lines): see
// event_name().
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

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

/// A run begins. `changes` is how many changes it will handle, all modules together.
struct RunStarted {
  std::string command;  ///< "deploy", "revert", "verify"
  std::string database;
  std::vector<std::string> modules;  ///< packages, in the order they are handled
  std::size_t changes = 0;
};
/// Another run holds the lock and we wait for it. Emitted again when the holder changes.
struct LockWaiting {
  int pid = 0;
  std::string user, application, since, command;
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
struct Committed {
  TransactionScope scope = TransactionScope::module;
  std::string module;       ///< "" when scope is run
  std::size_t changes = 0;  ///< how many changes this commit made durable
};
struct RolledBack {
  TransactionScope scope = TransactionScope::module;
  std::string module;
};
/// Pairs with RunStarted, also on failure.
struct RunFinished {
  std::string command;
  Outcome outcome = Outcome::ok;
  std::size_t done = 0, skipped = 0, failed = 0;  ///< changes; done = committed (or verified)
  Seconds duration{0};
};

using Event = std::variant<RunStarted, LockWaiting, ExtensionCreated, ModuleStarted, ChangeStarted,
                           ChangeFinished, ChangeSkipped, NoticeRaised, WarningRaised, VerifyFailed,
                           Committed, RolledBack, RunFinished>;

/// "run_started", "change_finished", ...: the `event` member of a JSON line.
const char* event_name(const Event& event);

}  // namespace pgpm
