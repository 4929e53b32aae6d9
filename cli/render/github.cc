#include "cli/render/github.h"

#include <fmt/format.h>

#include "cli/render/blockers.h"
#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

enum class Part { message, property };

/// The characters that would end a workflow command or one of its properties.
std::string escape(const std::string& text, Part part) {
  std::string escaped;
  for (const char c : text) {
    const bool is_special =
        c == '%' || c == '\r' || c == '\n' || (part == Part::property && (c == ':' || c == ','));
    if (is_special)
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      escaped += c;
  }
  return escaped;
}

std::string with_hint(const std::string& message, const std::string& hint) {
  return hint.empty() ? message : message + "\n" + hint;
}

}  // namespace

void GithubRenderer::annotate(const char* level, const SourceLocation& where,
                              const std::string& title, const std::string& message) {
  std::string properties;
  if (!where.file.empty()) {
    properties += "file=" + escape(where.file, Part::property);
    if (where.line != 0) properties += fmt::format(",line={}", where.line);
    if (where.column != 0) properties += fmt::format(",col={}", where.column);
    properties += ",";
  }
  properties += "title=" + escape(title, Part::property);
  out_.write(
      fmt::format("::{} {}::{}\n", level, properties, escape(redact(message), Part::message)));
}

/// Once for each group of blockers: a page shows only ten annotations.
void GithubRenderer::annotate_miss(const LockMissed& miss) {
  std::vector<int> pids;
  for (const Blocker& blocker : miss.blockers) pids.push_back(blocker.pid);
  if (miss.attempt > 1 && pids == told_blockers_) return;
  told_blockers_ = pids;
  annotate("warning", {}, "pgpm " + command_,
           show_miss(miss) + "\n" + show_blockers(miss.blockers, ""));
}

/// On the lines its findings are about; a failure that has none is told all the same.
void GithubRenderer::annotate_check(const CheckFinished& check) {
  const std::string title = fmt::format("pgpm {}: {}: {}", command_, check.module, check.name);
  for (const Diagnostic& finding : check.findings)
    annotate(finding.severity == Severity::error ? "error" : "warning", finding.where, title,
             with_hint(finding.message, finding.hint));
  if (check.verdict != Verdict::failed) return;
  has_failed_check_ = true;
  if (check.findings.empty()) annotate("error", {}, title, check.message);
}

void GithubRenderer::on_event(const Event& event) {
  if (const auto* check = std::get_if<CheckFinished>(&event)) annotate_check(*check);
  if (const auto* failed = std::get_if<VerifyFailed>(&event)) {
    // Under deploy the failed verification ends the run and comes again as the error.
    if (command_ == "deploy") return;
    annotate("error", failed->where,
             fmt::format("pgpm {}: {}:{}", command_, failed->module, failed->change),
             with_hint(failed->message.message, failed->message.hint));
  }
  if (const auto* miss = std::get_if<LockMissed>(&event)) annotate_miss(*miss);
  if (const auto* eviction = std::get_if<BlockerEvicted>(&event))
    annotate("warning", {}, "pgpm " + command_, "evicting: " + show_eviction(*eviction));
  if (const auto* warning = std::get_if<WarningRaised>(&event))
    annotate("warning", warning->diagnostic.where, "pgpm " + command_,
             with_hint(warning->diagnostic.message, warning->diagnostic.hint));
}

void GithubRenderer::answer(const Answer& answer) {
  for (const Diagnostic& finding : answer.diagnostics)
    annotate(finding.severity == Severity::error ? "error" : "warning", finding.where,
             "pgpm " + command_, with_hint(finding.message, finding.hint));
}

void GithubRenderer::fail(const Error& error, int) {
  for (const Diagnostic& finding : error.diagnostics())
    annotate(finding.severity == Severity::error ? "error" : "warning", finding.where,
             "pgpm " + command_, with_hint(finding.message, finding.hint));
  // "2 of 5 modules failed" says no more than the checks did, where a page shows ten annotations.
  const bool sums_up = has_failed_check_ && !error.where();
  if (error.diagnostics().empty() && !sums_up)
    annotate("error", error.where().value_or(SourceLocation{}), "pgpm " + command_,
             with_hint(error.what(), error.hint()));
}

}  // namespace pgpm::cli
