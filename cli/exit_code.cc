#include "cli/exit_code.h"

namespace pgpm::cli {

namespace {
constexpr ExitCode table[] = {
    {0, "ok", "success"},
    {1, "other", "other failure"},
    {2, "usage", "usage error"},
    {3, "internal", "internal error"},
    {10, "configuration", "configuration, plan, control or workspace error"},
    {11, "connection", "connection failed"},
    {12, "approval", "approval denied or missing"},
    {13, "sql", "SQL failed"},
    {14, "script_missing", "script missing"},
    {15, "lock_held", "another run holds the lock"},
    {16, "timed_out", "time-out"},
    {17, "verification_failed", "verification failed"},
    {18, "edited_script", "a deployed script was edited"},
    {19, "refused", "refused: dependants, requirements or conflicts stand in the way"},
    {20, "proof_failed", "proof failed (full cycle, prove, drift)"},
    {130, "interrupted", "interrupted"},
};
}  // namespace

std::span<const ExitCode> exit_codes() {
  return table;
}

int exit_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::other:
      return 1;
    case ErrorCode::usage:
      return 2;
    case ErrorCode::internal:
      return 3;
    case ErrorCode::configuration:
      return 10;
    case ErrorCode::connection:
      return 11;
    case ErrorCode::approval:
      return 12;
    case ErrorCode::sql:
      return 13;
    case ErrorCode::script_missing:
      return 14;
    case ErrorCode::lock_held:
      return 15;
    case ErrorCode::timed_out:
      return 16;
    case ErrorCode::verification_failed:
      return 17;
    case ErrorCode::edited_script:
      return 18;
    case ErrorCode::refused:
      return 19;
    case ErrorCode::proof_failed:
      return 20;
    case ErrorCode::interrupted:
      return 130;
  }
  return 3;
}

}  // namespace pgpm::cli
