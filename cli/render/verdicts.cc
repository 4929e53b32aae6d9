#include "cli/render/verdicts.h"

#include <fmt/format.h>

#include "cli/render/difference.h"
#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

VerdictCase case_of(const CheckFinished& check) {
  VerdictCase result;
  result.suite = check.module;
  result.name = check.name;
  result.verdict = check.verdict;
  result.code = check.code;
  result.message = redact(check.message);
  result.duration = check.duration;
  if (!check.findings.empty()) result.where = check.findings.front().where;
  if (result.message.empty() && check.verdict == Verdict::failed)
    result.message = check.findings.empty() ? "failed" : redact(check.findings.front().message);
  if (check.verdict == Verdict::failed) result.details = check_details(check, Style{});
  return result;
}

VerdictCase failed_case(const Failure& failure) {
  VerdictCase result;
  result.verdict = Verdict::failed;
  result.code = failure.code;
  result.message = redact(failure.message);
  result.where = failure.where;
  result.details = show_failure(failure, Style{});
  return result;
}

}  // namespace

std::string check_details(const CheckFinished& check, const Style& style) {
  std::string text;
  if (!check.message.empty()) text += printable(redact(check.message)) + "\n";
  for (const Diagnostic& finding : check.findings) text += show_diagnostic(finding, style);
  text += show_server_fields(check.server, style);
  return text + show_differences(check.differences, style);
}

std::optional<VerdictCase> Verdicts::on_event(const Event& event) {
  if (const auto* started = std::get_if<RunStarted>(&event)) counts_changes_ = started->checks == 0;
  if (const auto* failed = std::get_if<VerifyFailed>(&event))
    verify_failures_[{failed->module, failed->change}] = *failed;
  if (const auto* change = std::get_if<ChangeFinished>(&event)) return finished(*change);
  const auto* check = std::get_if<CheckFinished>(&event);
  if (check == nullptr) return std::nullopt;
  has_failed_ = has_failed_ || check->verdict == Verdict::failed;
  return case_of(*check);
}

std::optional<VerdictCase> Verdicts::finished(const ChangeFinished& event) {
  if (!counts_changes_) return std::nullopt;
  const std::pair<std::string, std::string> key{event.module, event.change};
  VerdictCase result;
  const auto verify_failure = verify_failures_.find(key);
  if (event.outcome == Outcome::ok) {
    result.verdict = Verdict::passed;
  } else if (verify_failure != verify_failures_.end()) {
    result = failed_case(Failure::of(verify_failure->second, command_));
    has_failed_ = true;
  } else {  // what went wrong comes with the run's error
    failed_change_ = key;
    failed_duration_ = event.duration;
    return std::nullopt;
  }
  result.suite = event.module;
  result.name = event.change;
  result.duration = event.duration;
  return result;
}

namespace {

constexpr const char* objects_suite = "managed objects";

VerdictCase case_of(const Diagnostic& finding, ErrorCode code) {
  VerdictCase result;
  result.suite = objects_suite;
  result.name = finding.message;
  result.verdict = Verdict::failed;
  result.code = code;
  result.message = redact(finding.message);
  result.where = finding.where;
  result.details = show_diagnostic(finding, Style{});
  return result;
}

}  // namespace

std::vector<VerdictCase> Verdicts::on_error(const Error& error) {
  if (error.code() == ErrorCode::verification_failed && !failed_change_) {
    std::vector<VerdictCase> cases;
    for (const Diagnostic& finding : error.diagnostics())
      cases.push_back(case_of(finding, error.code()));
    if (!cases.empty()) return cases;
  }
  if (has_failed_ && !failed_change_) return {};
  Failure failure = Failure::of(error, command_);
  if (failed_change_) std::tie(failure.module, failure.change) = *failed_change_;
  VerdictCase result = failed_case(failure);
  result.suite = failed_change_ ? failed_change_->first : "pgpm";
  result.name = failed_change_ ? failed_change_->second : command_;
  result.duration = failed_duration_;
  return {result};
}

}  // namespace pgpm::cli
