#include "engine/session/suite_progress.h"

#include <charconv>
#include <string_view>
#include <utility>

#include "engine/testing/test_suite.h"

namespace pgpm {

namespace {
using Clock = std::chrono::steady_clock;

constexpr std::string_view statement_of_a_test = "pgmi_run_test_source";

bool is_of_a_test(const db::Result& result) {
  return result.columns() == 1 && result.name(0) == statement_of_a_test;
}

/// The server's own measure: of results that arrive together, the client knows nothing better.
Seconds measured_duration(const db::Result& result) {
  double milliseconds = 0;
  if (result.rows() == 0) return {};
  const std::string text = result.str(0, 0);
  std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  return std::chrono::duration<double, std::milli>(milliseconds);
}
}  // namespace

SuiteProgress::SuiteProgress(std::string project, std::vector<std::string> paths,
                             Observer& observer)
    : project_(std::move(project)), paths_(std::move(paths)), observer_(observer) {}

void SuiteProgress::heard(const ServerMessage& notice) {
  // What a test itself says comes when it is long at work.
  if (notice.context.find(statement_of_a_test) == std::string::npos) since_ = Clock::now();
}

void SuiteProgress::done(const db::Result& result) {
  if (!is_of_a_test(result) || next_ >= paths_.size()) return;
  CheckFinished check = check_of(paths_[next_++]);
  observer_.on_event(CheckStarted{check.kind, check.module, check.name});
  check.duration = measured_duration(result);
  since_ += std::chrono::duration_cast<Clock::duration>(check.duration);
  observer_.on_event(check);
}

void SuiteProgress::failed(const ServerMessage& message, const SourceLocation& where,
                           const std::string& source_line) {
  if (next_ >= paths_.size() || path_in_failure(message.message) != paths_[next_]) return;
  ++failures_;
  CheckFinished check = check_of(paths_[next_]);
  observer_.on_event(CheckStarted{check.kind, check.module, check.name});
  check.verdict = Verdict::failed;
  check.code = ErrorCode::sql;
  check.message = message.message.substr(message.message.find(": ") + 2);
  check.findings.push_back({Severity::error, where, check.message, source_line, {}});
  check.server = message;
  check.duration = Clock::now() - since_;
  observer_.on_event(check);
}

CheckFinished SuiteProgress::check_of(const std::string& path) const {
  CheckFinished check;
  check.kind = CheckKind::sql_test;
  check.module = project_;
  check.name = shown_test_path(path);
  return check;
}

std::string path_in_failure(const std::string& message) {
  constexpr std::string_view words = "Failed in ";
  const std::size_t colon = message.find(": ");
  if (!message.starts_with(words) || colon == std::string::npos) return "";
  return message.substr(words.size(), colon - words.size());
}

}  // namespace pgpm
