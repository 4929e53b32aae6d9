// A script cut into top-level statements, as psql cuts it: at semicolons outside parentheses,
// outside the BEGIN ATOMIC body of a function, and with the data lines behind COPY ... FROM STDIN
// taken out. Must not know files or policies. Surprising: a body ends where a statement in it
// begins with END; the END of a CASE never begins one.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/sql/lexer.h"

namespace pgpm::sql {

/// A top-level statement. [begin, end) are byte offsets into the source, without leading blanks and
/// comments and without the semicolon.
struct Statement {
  std::size_t begin = 0, end = 0;
  enum class Kind {
    ordinary,
    transaction,  ///< BEGIN, COMMIT, SAVEPOINT, ...
    copy_in,      ///< COPY ... FROM STDIN; data is [data_begin, data_end)
    copy_out,     ///< COPY ... TO STDOUT
  };
  Kind kind = Kind::ordinary;
  bool refuses_transaction = false;  ///< CREATE INDEX CONCURRENTLY, VACUUM, ...
  std::size_t data_begin = 0, data_end = 0;
};

/// Something in the text that is not SQL, or is not finished.
struct Finding {
  enum class Kind {
    psql_guard,    ///< a line like \echo ... \quit between statements
    psql_command,  ///< any other backslash command
    unterminated_string,
    unterminated_name,
    unterminated_dollar,
    unterminated_comment,
    unfinished_body,   ///< BEGIN ATOMIC without its END
    copy_without_end,  ///< no line \. behind COPY ... FROM STDIN
    text_behind_copy,  ///< on the line where data must follow
  };
  Kind kind;
  std::size_t begin = 0, end = 0;
};

/// Data lines up to the line \. that ends them.
struct CopyData {
  std::size_t end = 0;   ///< of the data: where that line begins
  std::size_t next = 0;  ///< behind that line
};

class StatementReader {
 public:
  explicit StatementReader(std::string_view text, std::size_t from = 0)
      : text_(text), lexer_(text, from) {}

  /// The next statement; nullopt at the end. Empty ones (a bare semicolon) are passed over.
  std::optional<Statement> next();
  /// Everything found up to here, in order.
  const std::vector<Finding>& findings() const { return findings_; }
  /// A parenthesis was still open at the end: from that statement on, every semicolon ended one.
  /// Known once next() gave that statement. The server refuses it.
  bool parentheses_ignored() const { return parentheses_ignored_; }

 private:
  struct Progress;

  void consume(const Token& token, Progress& progress);
  void track_body(const Token& token, Progress& progress) const;
  void note_backslash(const Token& token, bool between_statements);
  void note(Finding::Kind kind, std::size_t begin, std::size_t end);
  void note_unfinished(const Progress& progress);
  bool reread_without_parentheses(const Progress& progress);
  Statement finish(const Progress& progress);
  void take_copy_data(Statement& statement);
  std::optional<CopyData> find_data(std::size_t begin);

  std::string_view text_;
  Lexer lexer_;
  std::vector<Finding> findings_;
  bool parentheses_ignored_ = false;
  bool no_more_data_ends_ = false;  // no line \. from here to the end: not to be looked for again
};

}  // namespace pgpm::sql
