// A failure as people read it: what, where (with the line and a caret), what the server said, what
// state the database is in, and what to type next. One function for errors that end a run and for
// failed verify scripts.
#pragma once

#include <string>
#include <vector>

#include "cli/style.h"
#include "pgpm/error.h"
#include "pgpm/event.h"

namespace pgpm::cli {

/// Everything there is to say about one failure.
struct Failure {
  ErrorCode code = ErrorCode::other;
  std::string command;  ///< "deploy", to know what to type next
  std::string message;
  std::string module, change;  ///< "" if it is not about a change
  SourceLocation where;        ///< file "" if unknown
  std::string source_line;
  ServerMessage server;
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> context;
  std::string hint, database_state;

  static Failure of(const Error& error, std::string command);
  static Failure of(const VerifyFailed& event, std::string command);
};

std::string show_failure(const Failure& failure, const Style& style);
/// DETAIL, HINT, QUERY, CONTEXT and SQLSTATE, as far as there are any; not the message itself.
std::string show_server_fields(const ServerMessage& server, const Style& style);
/// One finding with its line and caret; no troubleshooting.
std::string show_diagnostic(const Diagnostic& diagnostic, const Style& style);

}  // namespace pgpm::cli
