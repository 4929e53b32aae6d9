#include "cli/render/check.h"

#include <fmt/format.h>

#include "cli/render/difference.h"
#include "cli/render/failure.h"
#include "pgpm/target.h"

namespace pgpm::cli {

namespace {
constexpr std::size_t time_column = 8;

std::string mark_of(Verdict verdict, const Style& style) {
  switch (verdict) {
    case Verdict::passed:
      return style.green("+");
    case Verdict::failed:
      return style.red("x");
    case Verdict::skipped:
      return style.yellow("-");
  }
  return "";
}

/// Findings say the same with a place.
bool shows_message(const CheckFinished& check, Verbosity verbosity) {
  if (check.verdict == Verdict::passed) return verbosity == Verbosity::verbose;
  return check.verdict == Verdict::skipped || check.findings.empty();
}
}  // namespace

std::string show_check(const CheckFinished& check, const Style& style, Verbosity verbosity) {
  std::string text =
      fmt::format("  {} {}  {}", mark_of(check.verdict, style),
                  style.dim(pad_left(show_duration(check.duration.count()), time_column)),
                  printable(check.name));
  if (!check.message.empty() && shows_message(check, verbosity))
    text += style.dim(": ") + printable(redact(check.message));
  text += '\n';
  for (const Diagnostic& finding : check.findings) text += show_diagnostic(finding, style);
  text += show_server_fields(check.server, style);
  return text;
}

std::string check_summary(const RunFinished& run, const RunStarted& started, std::size_t modules,
                          const Style& style) {
  const bool proves = run.command == "prove";
  const bool only_changes = proves && started.checks == started.changes;
  if (run.done + run.failed + run.skipped == 0)
    return fmt::format("Nothing to {}.\n", proves ? "prove" : "test");
  std::string text = fmt::format("{} {} of {} in {}", style.green(proves ? "Proved" : "Passed"),
                                 count(run.done, only_changes ? "change" : "check"),
                                 count(modules, "module"), show_duration(run.duration.count()));
  if (run.failed > 0) text += style.red(fmt::format("; {} failed", run.failed));
  if (run.skipped > 0) text += style.yellow(fmt::format("; {} skipped", run.skipped));
  return text + ".\n";
}

}  // namespace pgpm::cli
