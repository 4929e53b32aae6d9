#include "engine/proof/prove_finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "engine/sql/lexer.h"
#include "engine/text/ascii.h"

namespace pgpm::proof {

namespace {

/// As the server would fold it: without quotes, or in lower case.
std::string folded(std::string_view text, sql::TokenKind kind) {
  if (kind == sql::TokenKind::quoted_identifier)
    return std::string(text.substr(1, text.size() - 2));
  std::string name(text);
  for (char& c : name) c = to_lower(c);
  return name;
}

bool is_name(sql::TokenKind kind) {
  return kind == sql::TokenKind::word || kind == sql::TokenKind::quoted_identifier;
}

/// The names of an identity from the outside in: app.users.name gives app, users, name; "x on
/// app.users" gives app, users, x; of a routine, those before its arguments.
std::vector<std::string> names_of(const std::string& identity) {
  std::vector<std::string> before, after;
  bool has_on = false;
  sql::Lexer lexer(identity);
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind == sql::TokenKind::open_parenthesis) break;
    if (!has_on && !before.empty() && lexer.is_word(token, "on"))
      has_on = true;
    else if (is_name(token.kind))
      (has_on ? after : before).push_back(folded(lexer.text_of(token), token.kind));
  }
  after.insert(after.end(), before.begin(), before.end());
  return after;
}

std::set<std::string> names_in(std::string_view statement) {
  std::set<std::string> names;
  sql::Lexer lexer(statement);
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next())
    if (is_name(token.kind)) names.insert(folded(lexer.text_of(token), token.kind));
  return names;
}

/// 0 if the statement does not have the object's own name; more for each name around it.
std::ptrdiff_t match(const std::set<std::string>& said, const std::vector<std::string>& names) {
  if (names.empty() || !said.contains(names.back())) return 0;
  return std::count_if(names.begin(), names.end(),
                       [&](const std::string& name) { return said.contains(name); });
}

std::string_view line_of(const StoredScript& script, const SourceLocation& where) {
  if (!script || where.line == 0) return {};
  std::string_view text = script.script->source().bytes();
  for (std::size_t line = 1; line < where.line; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

SourceLocation first_line(const StoredScript& script) {
  return {script.shown_file, script ? 1U : 0U, 0};
}

}  // namespace

std::optional<SourceLocation> place_naming(const StoredScript& script,
                                           const std::string& identity) {
  if (!script) return std::nullopt;
  const std::vector<std::string> names = names_of(identity);
  const std::string_view text = script.script->source().bytes();
  const sql::Statement* best = nullptr;
  std::ptrdiff_t best_match = 0;
  for (const sql::Statement& statement : script.script->statements()) {
    const auto said = names_in(text.substr(statement.begin, statement.end - statement.begin));
    const std::ptrdiff_t matched = match(said, names);
    if (matched <= best_match) continue;
    best = &statement;
    best_match = matched;
  }
  if (best == nullptr) return std::nullopt;
  return script.script->source().location(best->begin);
}

Diagnostic finding_at(Severity severity, const StoredScript& script, SourceLocation where,
                      std::string message, std::string hint) {
  std::string line(line_of(script, where));
  return {severity, std::move(where), std::move(message), std::move(line), std::move(hint)};
}

Diagnostic finding_in(Severity severity, const StoredScript& script, std::string message,
                      std::string hint) {
  return finding_at(severity, script, first_line(script), std::move(message), std::move(hint));
}

std::vector<Diagnostic> not_restored_findings(const std::vector<ObjectDifference>& differences,
                                              const StoredScript& revert,
                                              const StoredScript& deploy) {
  std::vector<Diagnostic> findings;
  for (const ObjectDifference& each : differences) {
    const SourceLocation where = place_naming(revert, each.identity).value_or(first_line(revert));
    const auto made = place_naming(deploy, each.identity);
    findings.push_back(
        finding_at(Severity::error, revert, where, "not restored: " + describe(each),
                   made ? fmt::format("the deploy script names it at {}", made->to_string()) : ""));
  }
  return findings;
}

}  // namespace pgpm::proof
