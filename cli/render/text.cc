#include "cli/render/text.h"

#include <fmt/format.h>

#include "cli/render/blockers.h"
#include "cli/render/check.h"
#include "cli/render/failure.h"
#include "cli/render/session.h"
#include "cli/render/worklist.h"
#include "pgpm/target.h"

namespace pgpm::cli {

namespace {
constexpr std::size_t time_column = 8;

/// The time stands in front: a name may be of any length, and lines are written as things happen.
std::string row(const std::string& mark, const std::string& name, const std::string& value,
                const Style& style) {
  return fmt::format("{} {}  {}\n", mark, style.dim(pad_left(value, time_column)), printable(name));
}

/// Notices of CREATE ... IF NOT EXISTS and the like carry a code of their own; RAISE NOTICE has
/// none.
bool is_said_by_author(const ServerMessage& message) {
  return message.severity == "WARNING" || message.sqlstate == "00000";
}

std::string about(const std::string& module, const std::string& change) {
  if (module.empty()) return "";
  return change.empty() ? module + ": " : module + ":" + change + ": ";
}

const char* past(const std::string& command) {
  if (command == "revert") return "Reverted";
  return command == "verify" ? "Verified" : "Deployed";
}
}  // namespace

TextRenderer::TextRenderer(Output& out, Output& err, const Terminal& terminal, Verbosity verbosity,
                           std::string command)
    : out_(out),
      terminal_(terminal),
      verbosity_(verbosity),
      command_(std::move(command)),
      progress_(err, terminal.err) {}

void TextRenderer::on_event(const Event& event) {
  std::visit([this](const auto& one) { show(one); }, event);
}

bool TextRenderer::lists_changes() const {
  return verbosity_ == Verbosity::verbose ||
         (verbosity_ == Verbosity::normal && !terminal_.shows_progress);
}

void TextRenderer::print(const std::string& text) {
  if (verbosity_ == Verbosity::quiet) return;
  progress_.print(text);
  has_listed_ = true;
}

// The server answers for several changes at once, so the first ChangeStarted may come late: the
// line is there from the start, without a change, and its time ticks.
void TextRenderer::show(const RunStarted& event) {
  run_ = event;
  if (event.changes > 0) show_progress_at(0, event.database, event.command);
}

void TextRenderer::show_progress_at(std::size_t index, const std::string& module,
                                    const std::string& change) {
  if (!terminal_.shows_progress || verbosity_ == Verbosity::quiet) return;
  ProgressState state;
  state.index = index;
  state.total = run_.changes;
  state.module = module;
  state.change = change;
  progress_.update(std::move(state));
}

void TextRenderer::show(const LockWaiting& event) {
  const std::string who = event.user.empty() ? "" : fmt::format(" by {}", event.user);
  const std::string what = event.application.empty() ? "" : fmt::format(", {}", event.application);
  const std::string since = event.since.empty() ? "" : fmt::format(", since {}", event.since);
  print(terminal_.err.yellow("waiting:") +
        fmt::format(" another run holds the lock: pid {}{}{}{}\n", event.pid, who, printable(what),
                    since));
}

/// On the progress line only.
void TextRenderer::show(const IndexProgress& event) {
  const std::string share =
      event.total == 0
          ? std::string()
          : fmt::format(" {} %", 100 * std::min(event.done, event.total) / event.total);
  show_progress_at(index_, event.module, fmt::format("{}: {}{}", event.change, event.phase, share));
}

void TextRenderer::show(const LockMissed& event) {
  print(terminal_.err.yellow("waiting:") + " " + show_miss(event) + "\n" +
        show_blockers(event.blockers, "         "));
}

void TextRenderer::show(const LockAwaited& event) {
  print(terminal_.err.yellow("waiting:") +
        fmt::format(" for a lock since {}; in the way:\n", show_duration(event.waited.count())) +
        show_blockers(event.blockers, "         "));
}

void TextRenderer::show(const BlockerEvicted& event) {
  print(terminal_.err.yellow("evicting:") + " " + show_eviction(event) + "\n");
}

/// A module without changes has no headline of its own.
void TextRenderer::print_headline(const std::string& module) {
  if (tally_ && tally_->announced == 0) print(terminal_.err.bold(module) + "\n");
  if (tally_) tally_->announced = std::max<std::size_t>(tally_->announced, 1);
}

void TextRenderer::show(const ExtensionCreated& event) {
  if (!lists_changes()) return;
  print_headline(event.module);
  print(fmt::format("  {} extension {}\n", terminal_.err.green("+"), event.extension));
}

// A finished module leaves one line behind on a terminal; elsewhere its changes have been listed.
void TextRenderer::close_module() {
  if (!tally_) return;
  if (!lists_changes() && tally_->changes > 0)
    print(row(terminal_.err.green(mark_of(tally_->action)),
              fmt::format("{}  {}", tally_->module, count(tally_->changes, "change")),
              show_duration(tally_->duration.count()), terminal_.err));
  tally_.reset();
}

void TextRenderer::show(const ModuleStarted& event) {
  close_module();
  tally_ = ModuleTally{event.module, Action::deploy, event.changes, 0, Seconds(0)};
  if (lists_changes() && event.changes > 0)
    print(fmt::format("{} {}\n", terminal_.err.bold(event.module),
                      terminal_.err.dim(fmt::format("({})", count(event.changes, "change")))));
}

void TextRenderer::show(const ChangeStarted& event) {
  modules_.insert(event.module);
  if (event.action == Action::log_only) is_log_only_ = true;
  index_ = event.index;
  show_progress_at(event.index, event.module, event.change);
}

void TextRenderer::show(const ChangeFinished& event) {
  if (event.outcome != Outcome::ok) {
    failed_module_ = event.module;
    failed_change_ = event.change;
    // A failed verification has been shown in full already.
    if (lists_changes() && command_ != "verify")
      print(row("  " + terminal_.err.red("x"), event.change, outcome_name(event.outcome),
                terminal_.err));
    return;
  }
  if (tally_) {
    tally_->action = event.action;
    tally_->changes += 1;
    tally_->duration += event.duration;
  }
  if (!lists_changes()) return;
  const std::string mark = mark_of(event.action);
  print(row(
      "  " + (event.action == Action::revert ? terminal_.err.red(mark) : terminal_.err.green(mark)),
      event.change, show_duration(event.duration.count()), terminal_.err));
}

void TextRenderer::show(const ChangeSkipped& event) {
  if (verbosity_ == Verbosity::verbose)
    print(
        terminal_.err.dim(fmt::format("  . {}:{}  {}", event.module, event.change, event.reason)) +
        "\n");
}

void TextRenderer::show(const TagRecorded& event) {
  recorded_tags_ += 1;
  if (lists_changes())
    print(fmt::format("  {} tag @{} on {}\n", terminal_.err.green("+"), printable(event.tag),
                      printable(event.change)));
}

void TextRenderer::show(const ObjectHandled& event) {
  modules_.insert(event.module);
  const bool is_dropped = event.act == "drop";
  if (!is_dropped) ++objects_;
  if (!lists_changes()) return;
  print_headline(event.module);
  const std::string mark = is_dropped               ? terminal_.err.yellow("-")
                           : event.act == "remove"  ? terminal_.err.red("-")
                           : event.act == "replace" ? terminal_.err.green("~")
                                                    : terminal_.err.green("+");
  const std::string reason =
      event.reason.empty() ? "" : terminal_.err.dim("  " + printable(event.reason));
  print(fmt::format("  {} {}{}\n", mark, object_words(event.kind, event.name), reason));
}

void TextRenderer::show(const NoticeRaised& event) {
  if (session_) return print(show_plain_notice(event.message, terminal_.err));
  if (verbosity_ != Verbosity::verbose && !is_said_by_author(event.message)) return;
  std::string label = event.message.severity;
  for (char& c : label)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  label += ':';
  print(fmt::format(
      "{} {}{}\n",
      event.message.severity == "WARNING" ? terminal_.err.yellow(label) : terminal_.err.cyan(label),
      about(event.module, event.change), printable(redact(event.message.message))));
}

void TextRenderer::show(const WarningRaised& event) {
  Diagnostic diagnostic = event.diagnostic;
  diagnostic.severity = Severity::warning;
  if (diagnostic.where.file.empty())
    diagnostic.message = about(event.module, event.change) + diagnostic.message;
  print(show_diagnostic(diagnostic, terminal_.err));
}

void TextRenderer::show(const VerifyFailed& event) {
  // Under deploy it ends the run and is shown as its error; verify goes on and shows each one now.
  verify_failure_ = event;
  if (command_ == "deploy") {
    // Tried again at the module's end: its change was listed as done long ago.
    if (failed_change_.empty() && lists_changes())
      print(row("  " + terminal_.err.red("x"), "verification of " + event.change, "failed",
                terminal_.err));
    failed_module_ = event.module;
    failed_change_ = event.change;
    return;
  }
  progress_.print(show_failure(Failure::of(event, command_), terminal_.err));
  has_listed_ = true;
}

void TextRenderer::show(const CheckStarted& event) {
  show_progress_at(0, event.module, event.name);
}

void TextRenderer::show(const CheckFinished& event) {
  modules_.insert(event.module);
  const bool has_more = event.verdict != Verdict::passed || !event.findings.empty();
  if (!lists_changes() && !has_more) return;
  // What went wrong is told even to those who asked for quiet.
  const std::string shown = show_check(event, terminal_.err, verbosity_);
  if (event.verdict == Verdict::failed)
    progress_.print(shown);
  else
    print(shown);
}

void TextRenderer::show(const ModulesSelected& event) {
  if (event.covered.empty()) return;
  print(fmt::format(
      "Testing {} of {}: the other {} covered by them (--force-all tests each by itself).\n",
      event.selected.size(), count(event.selected.size() + event.covered.size(), "module"),
      event.covered.size() == 1 ? "one is" : fmt::format("{} are", event.covered.size())));
}

void TextRenderer::show(const DatabaseKept& event) {
  std::string command = "psql";
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) command += fmt::format(" {} {}", option, printable(value));
  };
  add("-h", event.host);
  add("-p", event.port);
  add("-U", event.user);
  add("-d", event.database);
  progress_.print(fmt::format("{}: the database was kept; look at it with: {}\n", event.module,
                              terminal_.err.bold(command)));
}

void TextRenderer::show(const Committed&) {}

void TextRenderer::show(const RolledBack& event) {
  // What is left behind is said by the error's "Database:" line.
  if (verbosity_ == Verbosity::verbose && command_ != "verify")
    print(terminal_.err.dim(
              fmt::format("rolled back{}", event.module.empty() ? "" : ": " + event.module)) +
          "\n");
}

void TextRenderer::show(const SessionLoaded& event) {
  session_ = event;
  print(terminal_.err.dim(fmt::format("Loaded {} and {} into the session; running deploy.sql.",
                                      count(event.files, "file"),
                                      count(event.parameters, "parameter"))) +
        "\n");
}

/// The error says which one failed, and the summary how many there were.
void TextRenderer::show(const UnitFinished&) {}

void TextRenderer::show(const RunFinished& event) {
  if (event.outcome == Outcome::ok) close_module();
  finished_ = event;
  progress_.clear();
}

std::string TextRenderer::summary() const {
  const RunFinished& run = *finished_;
  if (session_) return session_summary(*session_, run, terminal_.out);
  const bool tests =
      run.command == "test-packages" || run.command == "prove" || run.command == "test";
  if (tests || run_.checks > 0) return check_summary(run, run_, modules_.size(), terminal_.out);
  const std::string verb = is_log_only_ && run.command == "deploy" ? "Recorded" : past(run.command);
  const std::string objects = count(objects_, "managed object");
  if (run.done == 0 && run.failed == 0 && objects_ > 0)
    return fmt::format("{} {} of {} in {}.\n", terminal_.out.green(verb), objects,
                       count(modules_.size(), "module"), show_duration(run.duration.count()));
  if (run.done == 0 && run.failed == 0) {
    if (run.command == "revert") return "Nothing to revert: nothing that would go is deployed.\n";
    if (run.command == "verify")
      return "Nothing to verify: no verify script applies to what is deployed.\n";
    if (recorded_tags_ > 0)
      return fmt::format("{} {}; every change was deployed before.\n",
                         terminal_.out.green("Recorded"), count(recorded_tags_, "tag"));
    const char* plain_verb = command_ == "migrate baseline" ? "record" : "deploy";
    if (run.skipped == 0) return fmt::format("Nothing to {}: there are no changes.\n", plain_verb);
    return fmt::format(
        "Nothing to {}: {} of {} {} deployed.\n", plain_verb,
        run.skipped == 1 ? "the 1 change" : fmt::format("all {}", count(run.skipped, "change")),
        count(run_.modules.size(), "module"), run.skipped == 1 ? "is" : "are");
  }
  std::string text =
      fmt::format("{} {}{} of {} in {}", terminal_.out.green(verb), count(run.done, "change"),
                  objects_ > 0 ? " and " + objects : "", count(modules_.size(), "module"),
                  show_duration(run.duration.count()));
  if (run.command == "deploy" && run.skipped > 0)
    text += fmt::format(" ({} {} deployed before)", run.skipped, run.skipped == 1 ? "was" : "were");
  return text + ".\n";
}

void TextRenderer::answer(const Answer& answer) {
  progress_.clear();
  out_.write(answer.text);
}

void TextRenderer::finish(int) {
  progress_.clear();
  if (finished_ && verbosity_ != Verbosity::quiet) out_.write(summary());
}

void TextRenderer::fail(const Error& error, int) {
  progress_.clear();
  Failure failure = Failure::of(error, command_);
  if (command_ != "verify") {
    failure.module = failed_module_;
    failure.change = failed_change_;
  }
  // The engine may leave what the verify script said to the event.
  if (command_ == "deploy" && verify_failure_ && !error.server()) {
    failure.server = verify_failure_->message;
    if (failure.where.file.empty()) {
      failure.where = verify_failure_->where;
      failure.source_line = verify_failure_->source_line;
    }
  }
  const std::string distance = has_listed_ ? "\n" : "";
  progress_.print(distance + show_failure(failure, terminal_.err));
}

}  // namespace pgpm::cli
