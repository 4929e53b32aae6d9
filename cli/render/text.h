// For people. What happens goes to stderr (a progress line on a terminal, else a line per change),
// what came out of it (the summary, an answer) to stdout.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/render/progress.h"
#include "cli/render/renderer.h"
#include "cli/terminal.h"

namespace pgpm::cli {

enum class Verbosity { quiet, normal, verbose };

class TextRenderer final : public Renderer {
 public:
  TextRenderer(Output& out, Output& err, const Terminal& terminal, Verbosity verbosity,
               std::string command);

  void on_event(const Event& event) override;
  void answer(const Answer& answer) override;
  void finish(int exit_status) override;
  void fail(const Error& error, int exit_status) override;

 private:
  void show(const RunStarted& event);
  void show(const LockWaiting& event);
  void show(const IndexProgress& event);
  void show(const LockMissed& event);
  void show(const LockAwaited& event);
  void show(const BlockerEvicted& event);
  void show(const ExtensionCreated& event);
  void show(const ModuleStarted& event);
  void show(const ChangeStarted& event);
  void show(const ChangeFinished& event);
  void show(const ChangeSkipped& event);
  void show(const TagRecorded& event);
  void show(const ObjectHandled& event);
  void show(const NoticeRaised& event);
  void show(const WarningRaised& event);
  void show(const VerifyFailed& event);
  void show(const CheckStarted& event);
  void show(const CheckFinished& event);
  void show(const ModulesSelected& event);
  void show(const DatabaseKept& event);
  void show(const Committed& event);
  void show(const RolledBack& event);
  void show(const SessionLoaded& event);
  void show(const UnitFinished& event);
  void show(const RunFinished& event);

  bool lists_changes() const;
  void print(const std::string& text);
  void close_module();
  void show_progress_at(std::size_t index, const std::string& module, const std::string& change);
  std::string summary() const;
  void print_headline(const std::string& module);

  /// What has been seen of the module in progress.
  struct ModuleTally {
    std::string module;
    Action action = Action::deploy;
    std::size_t announced = 0;  ///< changes to come when it started
    std::size_t changes = 0;    ///< done so far
    Seconds duration{0};
  };

  Output& out_;
  const Terminal terminal_;
  Verbosity verbosity_;
  std::string command_;
  ProgressLine progress_;
  RunStarted run_;
  std::optional<RunFinished> finished_;
  std::optional<ModuleTally> tally_;
  std::set<std::string> modules_;  ///< handled so far
  std::size_t recorded_tags_ = 0;
  std::size_t objects_ = 0;  ///< managed ones, made or removed
  std::size_t index_ = 0;    ///< of the change under way
  bool is_log_only_ = false, has_listed_ = false;
  std::string failed_module_, failed_change_;
  std::optional<VerifyFailed> verify_failure_;
  std::optional<SessionLoaded> session_;
};

}  // namespace pgpm::cli
