// Sends a project's deploy.sql, unit by unit, on a session whose objects are loaded.
#pragma once

#include "engine/db/connection.h"
#include "engine/db/message_run.h"
#include "engine/session/expanded_script.h"
#include "engine/session/script_place.h"
#include "engine/session/script_units.h"
#include "engine/session/suite_progress.h"
#include "pgpm/observer.h"
#include "pgpm/session.h"

namespace pgpm {

/// deploy.sql, ready to be sent.
struct ReadyScript {
  ExpandedScript text;
  std::vector<ScriptUnit> units;
  HeadTransaction head = HeadTransaction::as_written;
  std::vector<std::string> test_paths;  ///< fixtures and tests its macros run, in order
};

/// Expands the macros of `source` on the session. Throws Error(sql) with the macro's place for a
/// pattern that is no regular expression.
ReadyScript prepare_script(db::Connection& connection, const SourceText& source,
                           const std::vector<TestMacro>& macros);

class ScriptRun {
 public:
  ScriptRun(db::Connection& connection, const ReadyScript& script, const PlaceFinder& places,
            SuiteProgress& suite, Observer& observer);

  /// Throws Error(sql, connection or interrupted) for the unit that failed. What it leaves open is
  /// the caller's to roll back.
  void run();
  /// A transaction that deploy.sql left open is rolled back; whether there was one.
  bool roll_back_open_transaction();

 private:
  void run_unit(std::size_t index);
  [[noreturn]] void fail(std::size_t index, const db::MessageFailure& failure);
  std::string state_after(std::size_t index) const;

  db::Connection& connection_;
  const ReadyScript& script_;
  const PlaceFinder& places_;
  SuiteProgress& suite_;
  Observer& observer_;
};

}  // namespace pgpm
