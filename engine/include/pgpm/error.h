// What goes wrong, in one flat type. Operations that cannot go on throw Error; answers that are
// verdicts
// ("these three lines of your plan are wrong") are values: std::vector<Diagnostic>.
// Knows nothing of libpq, exit codes or terminals; the command line maps ErrorCode to an exit
// status.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace pgpm {

/// Why an operation could not go on. Each maps to one exit status (cli/exit_code.h).
enum class ErrorCode {
  other,                ///< the operating system refused, output could not be written, ...
  usage,                ///< the caller asked for something that has no meaning
  internal,             ///< a bug of ours
  configuration,        ///< plan, control file, workspace or manifest is wrong; cycles, unresolved
                        ///< references
  connection,           ///< no connection could be made, or it was lost
  approval,             ///< a destructive step was not approved
  sql,                  ///< the server refused a statement
  script_missing,       ///< a script that is needed is not on disk
  lock_held,            ///< another run holds the run lock
  timed_out,            ///< a time limit of ours or of the server ran out
  verification_failed,  ///< a verify script failed
  edited_script,        ///< a deployed script's file has been edited since
  refused,              ///< dependants, requirements or conflicts stand in the way
  proof_failed,         ///< a revert left something behind, a catalog differs
  interrupted,          ///< a stop was requested
};

/// The name used in JSON output and in tests, e.g. "edited_script". Never changes for a given code.
const char* error_code_name(ErrorCode code);

/// A place in a file. Lines and columns are 1-based; columns count characters (code points), not
/// bytes. line 0 means the whole file, column 0 the whole line. `file` is shown as it was given or
/// found.
struct SourceLocation {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;

  /// "file:line:column", leaving out what is 0.
  std::string to_string() const;
  bool operator==(const SourceLocation&) const = default;
};

enum class Severity { warning, error };

/// One finding about input. `source_line` is the text of the line it points at (no line end), so
/// that it can be shown with a caret after the file is gone from memory. `hint` is what to do about
/// it, or "".
struct Diagnostic {
  Severity severity = Severity::error;
  SourceLocation where;
  std::string message;
  std::string source_line;
  std::string hint;
};

/// What the server said, field by field (PostgreSQL protocol, "Error and Notice Message Fields").
/// Positions are 1-based characters in the text that was sent, 0 = none.
struct ServerMessage {
  std::string severity;  ///< never localised: ERROR, FATAL, NOTICE, ...
  std::string sqlstate;  ///< five characters; "" when libpq itself reports (connection failures)
  std::string message;
  std::string detail;
  std::string hint;
  std::string context;  ///< the server's call stack ("where")
  std::size_t position = 0;
  std::size_t internal_position = 0;
  std::string internal_query;
  std::string schema, table, column, data_type, constraint;
  std::string
      routine;  ///< the server's function that raised it: tells causes apart that share a SQLSTATE
};

/// Thrown when an operation cannot go on. Copyable, flat, queryable; there are no subclasses.
///
///   throw Error(ErrorCode::sql, "relation \"x\" does not
///   exist").at(where).from_server(message).hint("...");
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  ErrorCode code() const { return code_; }
  /// Where in the user's files, if it is known.
  const std::optional<SourceLocation>& where() const { return where_; }
  /// The line `where()` points at, "" if unknown.
  const std::string& source_line() const { return source_line_; }
  /// What to do about it, "" if we do not know.
  const std::string& hint() const { return hint_; }
  /// What was being done, innermost first ("deploying change users of module app").
  const std::vector<std::string>& context() const { return context_; }
  const std::optional<ServerMessage>& server() const { return server_; }
  /// All findings, when the error is that there are findings.
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  /// What the database looks like now ("nothing was changed", "module a is committed"), "" if
  /// untouched or unknown. A fact for the reader, set by the verb that knows.
  const std::string& database_state() const { return database_state_; }

  Error& at(SourceLocation where, std::string source_line = {});
  Error& hint(std::string text);
  Error& from_server(ServerMessage message);
  Error& with(std::vector<Diagnostic> diagnostics);
  Error& add_context(std::string frame);
  Error& leaving(std::string database_state);

 private:
  ErrorCode code_;
  std::optional<SourceLocation> where_;
  std::string source_line_;
  std::string hint_;
  std::vector<std::string> context_;
  std::optional<ServerMessage> server_;
  std::vector<Diagnostic> diagnostics_;
  std::string database_state_;
};

}  // namespace pgpm
