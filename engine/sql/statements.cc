// The splitter, in one pass over the tokens. Data lines of COPY are jumped over, never lexed.
#include "engine/sql/statements.h"

#include <algorithm>

#include "engine/sql/psql_command.h"
#include "engine/sql/statement_kind.h"
#include "engine/text/ascii.h"

namespace pgpm::sql {
namespace {

std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find('\n', at), text.size());
}

/// A line that holds nothing but the mark, up to `at` + 2.
bool is_end_mark(std::string_view text, std::size_t begin, std::size_t at) {
  if (at != begin && text[at - 1] != '\n') return false;
  const std::string_view rest = text.substr(at + 2, 2);
  return rest.empty() || rest.front() == '\n' || rest == "\r\n" || rest == "\r";
}

std::optional<Finding::Kind> unterminated(TokenKind kind) {
  switch (kind) {
    case TokenKind::unterminated_string:
      return Finding::Kind::unterminated_string;
    case TokenKind::unterminated_name:
      return Finding::Kind::unterminated_name;
    case TokenKind::unterminated_dollar:
      return Finding::Kind::unterminated_dollar;
    case TokenKind::unterminated_comment:
      return Finding::Kind::unterminated_comment;
    default:
      return std::nullopt;
  }
}

}  // namespace

/// The statement that is being read.
struct StatementReader::Progress {
  Token first, last;           // kind `end` until there is one
  std::size_t depth = 0;       // of parentheses
  bool is_routine = false;     // CREATE FUNCTION or PROCEDURE: only these have bodies
  std::size_t bodies = 0;      // open BEGIN ATOMIC; one may hold a CREATE FUNCTION with its own
  bool inner_routine = false;  // the statement at hand in a body is such a one
  std::size_t body_begin = 0;

  bool empty() const { return first.kind == TokenKind::end; }
};

std::optional<Statement> StatementReader::next() {
  Progress progress;
  for (;;) {
    const Token token = lexer_.next();
    if (token.kind == TokenKind::end) {
      if (reread_without_parentheses(progress)) {
        progress = {};
        continue;
      }
      note_unfinished(progress);
      if (progress.empty()) return std::nullopt;
      return finish(progress);
    }
    if (token.kind == TokenKind::backslash_command) {
      note_backslash(token, progress.empty());
      if (!progress.empty()) progress.last = token;
      continue;
    }
    if (const auto problem = unterminated(token.kind)) note(*problem, token.begin, token.end);
    // A comment is no statement, finished or not.
    if (token.kind == TokenKind::unterminated_comment) continue;
    const bool ends =
        token.kind == TokenKind::semicolon && progress.depth == 0 && progress.bodies == 0;
    if (!ends) {
      consume(token, progress);
    } else if (!progress.empty()) {
      return finish(progress);
    }
  }
}

void StatementReader::consume(const Token& token, Progress& progress) {
  if (progress.empty()) {
    progress.first = token;
    progress.is_routine = creates_routine(text_, token.begin);
  }
  if (token.kind == TokenKind::open_parenthesis && !parentheses_ignored_) ++progress.depth;
  if (token.kind == TokenKind::close_parenthesis && progress.depth != 0) --progress.depth;
  if (progress.is_routine && token.kind == TokenKind::word && progress.depth == 0) {
    track_body(token, progress);
  }
  progress.last = token;
}

void StatementReader::track_body(const Token& token, Progress& progress) const {
  const bool may_open = progress.bodies == 0 || progress.inner_routine;
  if (may_open && lexer_.is_word(token, "atomic") && lexer_.is_word(progress.last, "begin")) {
    if (progress.bodies++ == 0) progress.body_begin = progress.last.begin;
    progress.inner_routine = false;
    return;
  }
  const bool begins_statement =
      progress.last.kind == TokenKind::semicolon || lexer_.is_word(progress.last, "atomic");
  if (progress.bodies == 0 || !begins_statement) return;
  if (lexer_.is_word(token, "end")) --progress.bodies;
  progress.inner_routine = creates_routine(text_, token.begin);
}

void StatementReader::note(Finding::Kind kind, std::size_t begin, std::size_t end) {
  findings_.push_back({kind, begin, end});
}

void StatementReader::note_backslash(const Token& token, bool between_statements) {
  const std::string_view line = lexer_.text_of(token);
  if (between_statements && is_psql_guard(line)) {
    return note(Finding::Kind::psql_guard, token.begin, token.end);
  }
  note(Finding::Kind::psql_command, token.begin, token.end);
  // The data behind \copy ... from stdin is no SQL, and one problem is enough.
  if (!is_psql_copy_in(line)) return;
  const std::size_t begin = std::min(line_end(text_, token.end) + 1, text_.size());
  if (const auto data = find_data(begin)) lexer_.jump(data->next);
}

void StatementReader::note_unfinished(const Progress& progress) {
  // An open quote swallowed the rest: that is the problem, not what is missing behind it.
  if (unterminated(progress.last.kind)) return;
  if (progress.bodies != 0) {
    note(Finding::Kind::unfinished_body, progress.body_begin, progress.last.end);
  }
}

/// The server refuses a statement whose parenthesis stays open, and all behind it with it. The rest
/// is still split, so that no COMMIT hides in it.
bool StatementReader::reread_without_parentheses(const Progress& progress) {
  if (progress.depth == 0 || progress.bodies != 0 || unterminated(progress.last.kind)) return false;
  const std::size_t begin = progress.first.begin;
  const auto is_behind = [begin](const Finding& finding) { return finding.begin >= begin; };
  findings_.erase(std::find_if(findings_.begin(), findings_.end(), is_behind), findings_.end());
  parentheses_ignored_ = true;
  no_more_data_ends_ = false;
  lexer_.jump(begin);
  return true;
}

Statement StatementReader::finish(const Progress& progress) {
  Statement statement;
  statement.begin = progress.first.begin;
  statement.end = progress.last.end;
  const std::string_view text = text_.substr(statement.begin, statement.end - statement.begin);
  statement.kind = statement_kind(text);
  statement.refuses_transaction = refuses_transaction(text);
  if (statement.kind == Statement::Kind::copy_in) take_copy_data(statement);
  return statement;
}

/// The data begins on the line behind the semicolon's; psql would run what stands between them
/// after the data.
void StatementReader::take_copy_data(Statement& statement) {
  const std::size_t from = lexer_.offset();
  const std::size_t rest_end = line_end(text_, from);
  const std::string_view rest = trim_left(text_.substr(from, rest_end - from));
  if (!rest.empty() && rest.substr(0, 2) != "--") {
    const auto begin = static_cast<std::size_t>(rest.data() - text_.data());
    note(Finding::Kind::text_behind_copy, begin, rest_end);
  }
  statement.data_begin = std::min(rest_end + 1, text_.size());
  const auto data = find_data(statement.data_begin);
  if (!data) note(Finding::Kind::copy_without_end, statement.begin, statement.end);
  statement.data_end = data ? data->end : text_.size();
  lexer_.jump(data ? data->next : text_.size());
}

std::optional<CopyData> StatementReader::find_data(std::size_t begin) {
  if (no_more_data_ends_) return std::nullopt;
  for (std::size_t at = begin; (at = text_.find("\\.", at)) != std::string_view::npos; ++at) {
    if (is_end_mark(text_, begin, at)) {
      return CopyData{at, std::min(line_end(text_, at) + 1, text_.size())};
    }
  }
  no_more_data_ends_ = true;
  return std::nullopt;
}

}  // namespace pgpm::sql
