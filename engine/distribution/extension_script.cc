// What PostgreSQL runs as an extension's script is one string: no psql, no transaction of its own,
// no data behind COPY.
#include "engine/distribution/extension_script.h"

#include <fmt/format.h>

#include "engine/sql/script.h"
#include "engine/sql/statement_kind.h"
#include "engine/sql/words.h"
#include "engine/text/ascii.h"
#include "engine/text/file.h"

namespace pgpm {
namespace {

using sql::Script;
using sql::Statement;

bool creates_extension(std::string_view statement) {
  sql::Words words(statement);
  return words.take("create") && words.at("extension");
}

/// Behind a statement and its semicolon.
std::size_t behind(std::string_view text, const Statement& statement) {
  sql::Lexer lexer(text, statement.end);
  const sql::Token token = lexer.next();
  return token.kind == sql::TokenKind::semicolon ? token.end : statement.end;
}

/// Comments without the lines that blanking has emptied.
void append_lines(std::string& text, std::string_view part) {
  while (!part.empty()) {
    const std::size_t end = std::min(part.find('\n'), part.size());
    const std::string_view line = trim_right(part.substr(0, end));
    if (!line.empty()) text += std::string(line) + "\n";
    part.remove_prefix(std::min(end + 1, part.size()));
  }
}

class ScriptAppender {
 public:
  ScriptAppender(std::string& text, std::vector<Diagnostic>& problems)
      : text_(text), problems_(problems) {}

  /// Between its first and its last statement no byte is touched: what looks like a blank line may
  /// be part of a function's body.
  void append(const Script& script) {
    problems_.insert(problems_.end(), script.problems().begin(), script.problems().end());
    const std::string_view bytes = script.source().bytes();
    const auto part = [&](std::size_t begin, std::size_t end) {
      std::string text;
      script.append_sendable(text, begin, end);
      return text;
    };
    std::size_t at = 0;
    bool inside = false;
    for (const Statement& statement : script.statements()) {
      check(script, statement);
      const std::size_t end = behind(bytes, statement);
      if (inside)
        text_ += part(at, statement.begin);
      else
        append_lines(text_, part(at, statement.begin));
      if (!creates_extension(bytes.substr(statement.begin, statement.end - statement.begin))) {
        text_ += part(statement.begin, end) + (end == statement.end ? "\n;" : "");
        inside = true;
      }
      at = end;
    }
    if (inside) text_ += '\n';
    append_lines(text_, part(at, bytes.size()));
    text_ += '\n';
  }

 private:
  void check(const Script& script, const Statement& statement) {
    const auto refuse = [&](std::string message, std::string hint) {
      problems_.push_back({Severity::error, script.source().location(statement.begin),
                           std::move(message),
                           std::string(script.source().line_at(statement.begin)), std::move(hint)});
    };
    const std::string_view text =
        script.source().bytes().substr(statement.begin, statement.end - statement.begin);
    if (statement.kind == Statement::Kind::copy_in)
      refuse("an extension's script cannot hold COPY data", "write INSERT statements instead");
    if (statement.refuses_transaction)
      refuse(fmt::format("{} cannot run in CREATE EXTENSION", sql::refusal_name(text)),
             "leave CONCURRENTLY out, or do not package this module");
  }

  std::string& text_;
  std::vector<Diagnostic>& problems_;
};

}  // namespace

std::string extension_script(const Module& module, std::vector<Diagnostic>& problems) {
  std::string text =
      fmt::format("\\echo Use \"CREATE EXTENSION {}\" to load this file. \\quit\n", module.name);
  ScriptAppender appender(text, problems);
  if (module.has_objects_folder())
    problems.push_back({Severity::error,
                        {shown_path(module.objects_folder()), 0, 0},
                        "managed objects cannot be part of a package",
                        {},
                        "What has to be installed by CREATE EXTENSION belongs into changes."});
  for (const Change& change : module.plan.changes) {
    const auto path = module.script_path(Module::ScriptKind::deploy, change.script_name);
    auto bytes = read_regular_file(path);
    if (!bytes) {
      problems.push_back({Severity::error,
                          {module.plan.file, change.line, 0},
                          fmt::format("{} has no deploy script", change.script_name),
                          {},
                          {}});
      continue;
    }
    text += fmt::format("-- {}\n", change.script_name);
    appender.append(*Script::parse(shown_path(path), std::move(*bytes)));
  }
  return text;
}

std::string executable_text(const std::string& file, const std::string& bytes) {
  const auto script = Script::parse(file, bytes);
  if (script->sendable() == bytes) return bytes;
  return std::string(trim(script->sendable())) + "\n";
}

}  // namespace pgpm
