#include "pgpm/error.h"

#include <utility>

namespace pgpm {

const char* error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::other:
      return "other";
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::internal:
      return "internal";
    case ErrorCode::configuration:
      return "configuration";
    case ErrorCode::connection:
      return "connection";
    case ErrorCode::approval:
      return "approval";
    case ErrorCode::sql:
      return "sql";
    case ErrorCode::script_missing:
      return "script_missing";
    case ErrorCode::lock_held:
      return "lock_held";
    case ErrorCode::timed_out:
      return "timed_out";
    case ErrorCode::verification_failed:
      return "verification_failed";
    case ErrorCode::edited_script:
      return "edited_script";
    case ErrorCode::refused:
      return "refused";
    case ErrorCode::proof_failed:
      return "proof_failed";
    case ErrorCode::interrupted:
      return "interrupted";
  }
  return "internal";
}

std::string SourceLocation::to_string() const {
  std::string text = file;
  if (line == 0) return text;
  text += ':' + std::to_string(line);
  if (column != 0) text += ':' + std::to_string(column);
  return text;
}

Error& Error::at(SourceLocation where, std::string source_line) {
  where_ = std::move(where);
  source_line_ = std::move(source_line);
  return *this;
}

Error& Error::hint(std::string text) {
  hint_ = std::move(text);
  return *this;
}

Error& Error::from_server(ServerMessage message) {
  server_ = std::move(message);
  return *this;
}

Error& Error::with(std::vector<Diagnostic> diagnostics) {
  diagnostics_ = std::move(diagnostics);
  return *this;
}

Error& Error::add_context(std::string frame) {
  context_.push_back(std::move(frame));
  return *this;
}

Error& Error::leaving(std::string database_state) {
  database_state_ = std::move(database_state);
  return *this;
}

}  // namespace pgpm
