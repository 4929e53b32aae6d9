// The verdicts of a run, gathered for reports that know only cases and suites (JUnit, TAP). A check
// is a case; a run of deploy, verify or revert has one case a change.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/render/failure.h"
#include "pgpm/event.h"

namespace pgpm::cli {

struct VerdictCase {
  std::string suite;  ///< module
  std::string name;
  Verdict verdict = Verdict::passed;
  ErrorCode code = ErrorCode::other;  ///< of a failed one
  std::string message;                ///< one line; "" if it passed
  std::string details;                ///< everything there is to say about a failure, plain text
  SourceLocation where;               ///< file "" if unknown
  Seconds duration{0};
};

class Verdicts {
 public:
  explicit Verdicts(std::string command) : command_(std::move(command)) {}

  /// The case that this event completes, if it does.
  std::optional<VerdictCase> on_event(const Event& event);
  /// What ended the run: a case of its own, unless it only sums up cases that failed already. What
  /// verification found without a script, managed objects, is a case each.
  std::vector<VerdictCase> on_error(const Error& error);

 private:
  std::optional<VerdictCase> finished(const ChangeFinished& event);

  std::string command_;
  bool counts_changes_ = false;
  bool has_failed_ = false;
  std::optional<std::pair<std::string, std::string>> failed_change_;  ///< waits for the run's error
  Seconds failed_duration_{0};
  std::map<std::pair<std::string, std::string>, VerifyFailed> verify_failures_;
};

/// What a failed check says, as plain text: message, places, what the server said, differences.
std::string check_details(const CheckFinished& check, const Style& style);

}  // namespace pgpm::cli
