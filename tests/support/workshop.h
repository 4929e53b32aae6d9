// A workspace on disk and an empty database, and the verbs between them: what most tests of
// engine/migrate start from.
#pragma once

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/deploy.h"
#include "pgpm/revert.h"
#include "pgpm/status.h"
#include "pgpm/verify.h"
#include "tests/support/recording_observer.h"
#include "tests/support/temp_workspace.h"
#include "tests/support/test_database.h"

namespace pgpm::tests {

/// A change for Workshop::add_module: scripts as text; an empty verify or revert means no such
/// file.
struct ScriptedChange {
  std::string line;  ///< of the plan, up to the timestamp: "users [schema]"
  std::string deploy;
  std::string revert = {};
  std::string verify = {};
};

class Workshop {
 public:
  Workshop();

  /// Writes module packages/NAME. A plan entry that begins with '@' is a tag.
  void add_module(const std::string& name, const std::vector<ScriptedChange>& changes,
                  const std::string& requires_modules = {});
  void write(const std::string& file, const std::string& text) { files.write(file, text); }
  Workspace load() const { return load_workspace(files.root()); }

  RunReport deploy(const DeployOptions& options = {});
  RunReport revert(const RevertOptions& options);
  RunReport verify(const VerifyOptions& options = {});
  StatusReport status();
  /// Of a workspace with one module.
  ModuleStatus module_status() { return status().modules.at(0); }
  /// Stops the verbs from now on; {} = nobody does.
  void set_stop(std::stop_token stop) { stop_ = std::move(stop); }
  /// The verbs work as this role from now on.
  void log_in_as(const std::string& role) { target_.user = role; }
  const Target& target() const { return target_; }

  /// "package:change" of every ledger row, in order of deployment, separated by blanks.
  std::string deployed();
  /// "type package:change code" of every event, in order, separated by newlines.
  std::string events();
  /// Is there a relation of that name?
  bool has(const std::string& relation);
  bool has_schema(const std::string& schema);
  bool has_ledger() { return has_schema("pgpm_migrate"); }
  std::string query(const std::string& sql) { return database.query_text(sql); }

  TempWorkspace files;
  TestDatabase database;
  RecordingObserver observer;  ///< of the last verb

 private:
  Target target_;
  std::stop_token stop_;
};

/// The error `body` ends with. Fails the test if it does not throw one.
Error error_of(const std::function<void()>& body);
/// All messages of an error's diagnostics, each on its own line.
std::string messages(const Error& error);

}  // namespace pgpm::tests
