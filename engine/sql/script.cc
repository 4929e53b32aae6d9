// Script::parse: encoding, header, statements, transaction statements, in that order; each step
// adds its problems. Where quotes do not close, the statements are guesses, so what they say of
// transactions is not judged. A parenthesis that does not close is the server's to judge.
#include "engine/sql/script.h"

#include <algorithm>
#include <utility>

#include "engine/sql/outer_transaction.h"
#include "engine/sql/script_problems.h"
#include "engine/sql/statement_kind.h"
#include "engine/text/utf8.h"

namespace pgpm::sql {
namespace {

/// The folder says it, unless it tells both because a module has such a name itself; then the
/// header does.
bool is_verify_script(std::string_view file, const ScriptHeader& header) {
  bool verify = false, lasting = false;
  for (std::size_t end = file.find('/'); end != std::string_view::npos; end = file.find('/')) {
    const std::string_view folder = file.substr(0, end);
    verify |= folder == "verify";
    lasting |= folder == "deploy" || folder == "revert";
    file.remove_prefix(end + 1);
  }
  return verify == lasting ? header.verb == "Verify" : verify;
}

/// Behind the semicolon that ends a statement, or behind the statement.
std::size_t behind_semicolon(std::string_view text, std::size_t end) {
  const Token token = Lexer(text, end).next();
  return token.kind == TokenKind::semicolon ? token.end : end;
}

}  // namespace

class ScriptParser {
 public:
  ScriptParser(std::string file, std::string bytes, ScriptUse use)
      : script_(new Script(std::move(file), std::move(bytes))),
        use_(use),
        text_(script_->source_.bytes()),
        problems_(script_->source_, script_->problems_) {}

  std::shared_ptr<const Script> parse() {
    if (const auto offset = find_invalid_utf8(text_)) {
      problems_.add_invalid_byte(*offset);
      return std::move(script_);
    }
    const std::size_t begin = byte_order_mark(text_);
    if (begin != 0) script_->blanked_.push_back({0, begin});
    read_header(begin);
    const bool sound = read_statements(begin);
    read_modes();
    if (sound) settle_transactions();
    const auto by_begin = [](TextRange a, TextRange b) { return a.begin < b.begin; };
    std::sort(script_->blanked_.begin(), script_->blanked_.end(), by_begin);
    problems_.finish();
    return std::move(script_);
  }

 private:
  void read_header(std::size_t begin) {
    std::vector<UnknownDirective> unknown;
    script_->header_ = read_script_header(text_, begin, unknown);
    for (const UnknownDirective& directive : unknown) problems_.add(directive);
  }

  /// False if the text is not even made of whole tokens.
  bool read_statements(std::size_t begin) {
    StatementReader reader(text_, begin);
    while (const auto statement = reader.next()) script_->statements_.push_back(*statement);
    script_->has_open_parenthesis_ = reader.parentheses_ignored();
    bool sound = true;
    for (const Finding& finding : reader.findings()) {
      if (finding.kind == Finding::Kind::psql_guard) {
        script_->blanked_.push_back({finding.begin, finding.end});
      } else {
        problems_.add(finding);
        sound &= finding.kind == Finding::Kind::psql_command;
      }
    }
    return sound;
  }

  void read_modes() {
    const auto& statements = script_->statements_;
    refused_ = std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
      return statement.refuses_transaction;
    });
    script_->transactional_ = !script_->header_.no_transaction && !refused_;
    script_->has_copy_data_ = std::any_of(
        statements.begin(), statements.end(),
        [](const Statement& statement) { return statement.kind == Statement::Kind::copy_in; });
  }

  TransactionMode mode() const {
    if (script_->header_.no_transaction) return TransactionMode::declined_by_header;
    return refused_ ? TransactionMode::refused_by_statement : TransactionMode::transactional;
  }

  bool is_lasting() const {
    if (use_ != ScriptUse::as_file_says) return use_ == ScriptUse::lasting;
    return !is_verify_script(script_->source_.file(), script_->header_);
  }

  void settle_transactions() {
    auto& statements = script_->statements_;
    const TransactionReview review = review_transactions(
        text_, statements, mode(), is_lasting() ? OuterRollback::refused : OuterRollback::allowed);
    for (const TransactionFinding& finding : review.findings) {
      problems_.add(finding.kind, statements[finding.statement],
                    use_ == ScriptUse::rolled_back ? ScriptProblems::OwnTransaction::never
                                                   : ScriptProblems::OwnTransaction::possible);
    }
    if (!review.has_outer) return;
    blank(statements.front());
    blank(statements.back());
    statements.erase(statements.begin());
    statements.pop_back();
  }

  void blank(const Statement& statement) {
    script_->blanked_.push_back({statement.begin, behind_semicolon(text_, statement.end)});
  }

  std::shared_ptr<Script> script_;
  ScriptUse use_;
  std::string_view text_;
  ScriptProblems problems_;
  bool refused_ = false;
};

std::shared_ptr<const Script> Script::parse(std::string file, std::string bytes, ScriptUse use) {
  return ScriptParser(std::move(file), std::move(bytes), use).parse();
}

bool Script::has_errors() const {
  return std::any_of(problems_.begin(), problems_.end(),
                     [](const Diagnostic& problem) { return problem.severity == Severity::error; });
}

std::string_view Script::sendable() const {
  if (blanked_.empty()) return source_.bytes();
  std::call_once(copied_, [this] { append_sendable(copy_); });
  return copy_;
}

void Script::append_sendable(std::string& out, std::size_t begin, std::size_t end) const {
  const std::size_t start = out.size();
  out.append(source_.bytes().substr(begin, end - begin));
  for (const TextRange& range : blanked_) {
    for (std::size_t at = std::max(range.begin, begin); at < std::min(range.end, end); ++at) {
      char& c = out[start + at - begin];
      if (c != '\n' && c != '\r') c = ' ';
    }
  }
}

}  // namespace pgpm::sql
