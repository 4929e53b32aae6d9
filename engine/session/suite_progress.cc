#include "engine/session/suite_progress.h"

#include <string_view>
#include <utility>

#include "engine/testing/test_suite.h"

namespace pgpm {

namespace {
using Clock = std::chrono::steady_clock;

bool is_of_a_test(const db::Result& result) {
  return result.columns() == 1 && result.name(0) == "pgmi_run_test_source";
}
}  // namespace

SuiteProgress::SuiteProgress(std::string project, std::vector<std::string> paths,
                             Observer& observer)
    : project_(std::move(project)), paths_(std::move(paths)), observer_(observer) {}

void SuiteProgress::done(const db::Result& result) {
  if (is_of_a_test(result) && next_ < paths_.size()) {
    const std::string& path = paths_[next_++];
    CheckFinished check = check_of(path);
    observer_.on_event(CheckStarted{check.kind, check.module, check.name});
    check.duration = Clock::now() - since_;
    observer_.on_event(check);
  }
  since_ = Clock::now();
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
