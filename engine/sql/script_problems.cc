// The texts. A message says what is there, a hint what to write instead; both are single lines
// without a full stop.
#include "engine/sql/script_problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/sql/psql_command.h"
#include "engine/sql/statement_kind.h"
#include "engine/text/nearest.h"

namespace pgpm::sql {
namespace {

constexpr std::size_t most_problems = 100;
constexpr std::size_t longest_line = 4096;

struct Wording {
  Severity severity = Severity::error;
  std::string message;
  std::string hint;
};

std::string dollar_tag(std::string_view text) {
  return std::string(text.substr(0, text.find('$', 1) + 1));
}

Wording unclosed(std::string what, std::string hint) {
  return {Severity::error, "unterminated " + std::move(what), std::move(hint)};
}

/// `text` is what the finding covers.
Wording wording(Finding::Kind kind, std::string_view text) {
  using Kind = Finding::Kind;
  switch (kind) {
    case Kind::psql_guard:
      break;  // not a problem
    case Kind::psql_command:
      return {Severity::error,
              fmt::format("psql command {} is not supported", psql_command_name(text)),
              psql_command_hint(text)};
    case Kind::unterminated_string:
      return unclosed("string", "close it with '; a quote inside is written twice");
    case Kind::unterminated_name:
      return unclosed("quoted identifier",
                      "close it with \"; a double quote inside is written twice");
    case Kind::unterminated_dollar:
      return unclosed("dollar-quoted string",
                      fmt::format("close it with {}, spelt exactly the same", dollar_tag(text)));
    case Kind::unterminated_comment:
      return unclosed("comment",
                      "close it with */; comments nest, so every /* inside needs its own");
    case Kind::unfinished_body:
      return {Severity::error, "BEGIN ATOMIC without its END",
              "end the body with END; and each statement in it with a semicolon"};
    case Kind::copy_without_end:
      return {Severity::error, "COPY ... FROM STDIN without the end of its data",
              "end the statement with a semicolon, put the data on the lines below it and \\. on a "
              "line "
              "of its own behind the data"};
    case Kind::text_behind_copy:
      return {Severity::error, "text behind COPY ... FROM STDIN; on the same line",
              "the data begins on the next line: move this behind the line \\. that ends it"};
  }
  return {};
}

constexpr const char* own_transaction =
    "the engine runs the script in a transaction: remove the statement, or put -- pgpm: "
    "no-transaction at "
    "the top of the file to run it outside one, with the transactions you write";
constexpr const char* no_transaction =
    "the engine runs the script in a transaction and rolls it back: remove the statement";

/// `statement` is its text, on one line.
Wording wording(TransactionFinding::Kind kind, const std::string& statement) {
  using Kind = TransactionFinding::Kind;
  switch (kind) {
    case Kind::begin_without_commit:
      return {
          Severity::error, fmt::format("{} without a COMMIT at the end of the script", statement),
          "add COMMIT; as the last statement, or remove this one: the engine runs the script in a "
          "transaction"};
    case Kind::commit_without_begin:
      return {Severity::error,
              fmt::format("{} without a BEGIN at the start of the script", statement),
              own_transaction};
    case Kind::rolled_back:
      return {Severity::error, fmt::format("{} at the end of a script that is to last", statement),
              "end it with COMMIT; only a verify script (in verify/, or with -- Verify at the top) "
              "may end "
              "with ROLLBACK"};
    case Kind::inside:
      return {Severity::error, fmt::format("{} in the middle of the script", statement),
              own_transaction};
    case Kind::chained:
      return {Severity::error, fmt::format("{} leaves a transaction open", statement),
              own_transaction};
    case Kind::two_phase:
      return {Severity::error,
              fmt::format("{} takes the transaction out of the engine's hands", statement),
              own_transaction};
    case Kind::reserved_savepoint:
      return {Severity::error,
              fmt::format("{}: savepoint names that begin with pgpm_ are reserved", statement),
              "choose another name, without U&"};
    case Kind::open_at_end:
      return {Severity::error,
              fmt::format("{}: this transaction is still open at the end of the script", statement),
              "add COMMIT; where it is to end"};
    case Kind::modes_ignored:
      return {Severity::warning,
              fmt::format("{}: its modes have no effect, because the engine runs the script in its "
                          "own transaction",
                          statement),
              "write plain BEGIN; or put -- pgpm: no-transaction at the top of the file to keep "
              "this one"};
    case Kind::pair_ignored:
      return {
          Severity::warning,
          fmt::format(
              "{} and its end are left out, because a statement between them refuses transactions",
              statement),
          "remove both and put -- pgpm: no-transaction at the top of the file"};
  }
  return {};
}

std::string on_one_line(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string line;
  for (const char c : text.substr(0, longest)) line += c == '\n' || c == '\r' ? ' ' : c;
  return text.size() > longest ? line + "..." : line;
}

}  // namespace

void ScriptProblems::add_invalid_byte(std::size_t offset) {
  const auto byte = static_cast<unsigned char>(source_.bytes()[offset]);
  const bool utf16 =
      source_.bytes().substr(0, 2) == "\xFF\xFE" || source_.bytes().substr(0, 2) == "\xFE\xFF";
  if (utf16) return add(Severity::error, offset, "the file is UTF-16", "save it as UTF-8");
  if (byte == 0) {
    return add(Severity::error, offset, "NUL byte",
               "no SQL text can hold one: is this a binary file?");
  }
  add(Severity::error, offset, fmt::format("invalid UTF-8 (byte 0x{:02x})", byte),
      "save the file as UTF-8, e.g. iconv -f latin1 -t utf-8");
}

void ScriptProblems::add(const UnknownDirective& directive) {
  const std::string near = nearest_name(directive.word, {"no-transaction", "irreversible"});
  add(Severity::warning, directive.offset, fmt::format("unknown directive {}", directive.word),
      near.empty() ? "known are no-transaction and irreversible"
                   : fmt::format("did you mean {}?", near));
}

void ScriptProblems::add(const Finding& finding) {
  Wording words =
      wording(finding.kind, source_.bytes().substr(finding.begin, finding.end - finding.begin));
  add(words.severity, finding.begin, std::move(words.message), std::move(words.hint));
}

void ScriptProblems::add(TransactionFinding::Kind kind, const Statement& statement,
                         OwnTransaction own) {
  const std::string_view text =
      source_.bytes().substr(statement.begin, statement.end - statement.begin);
  Wording words = wording(kind, on_one_line(text));
  if (own == OwnTransaction::never && words.hint == own_transaction) words.hint = no_transaction;
  add(words.severity, statement.begin, std::move(words.message), std::move(words.hint));
}

void ScriptProblems::add(Severity severity, std::size_t offset, std::string message,
                         std::string hint) {
  if (out_.size() == most_problems) {
    ++left_out_;
    return;
  }
  // Nobody reads a line of a megabyte under a caret.
  std::string_view line = source_.line_at(offset);
  if (line.size() > longest_line) line = {};
  out_.push_back(
      {severity, source_.location(offset), std::move(message), std::string(line), std::move(hint)});
}

void ScriptProblems::finish() {
  std::stable_sort(out_.begin(), out_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.where.line, a.where.column) < std::tie(b.where.line, b.where.column);
  });
  if (left_out_ == 0) return;
  out_.push_back({Severity::error,
                  {source_.file(), 0, 0},
                  fmt::format("{} more problems", left_out_),
                  "",
                  "is this a script that is meant to be deployed?"});
}

}  // namespace pgpm::sql
