#include "cli/render/failure.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cli/render/source_excerpt.h"
#include "cli/render/troubleshooting.h"
#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

/// "DETAIL: text", further lines of the text aligned below its first.
std::string labelled(const std::string& label, const std::string& text, const Style& style) {
  if (text.empty()) return "";
  std::string shown = fmt::format("  {} ", style.bold(label + ":"));
  for (const char c : clean(text)) {
    shown += c;
    if (c == '\n') shown.append(label.size() + 4, ' ');
  }
  return shown + "\n";
}

std::string change_lines(const Failure& failure, const Style& style) {
  std::string text;
  if (!failure.module.empty()) text += fmt::format("  module {}\n", style.bold(failure.module));
  if (!failure.change.empty()) text += fmt::format("  change {}\n", style.bold(failure.change));
  if (failure.change.empty())
    for (const std::string& frame : failure.context)
      text += fmt::format("  while {}\n", clean(frame));
  return text;
}

std::string place(const Failure& failure, const Style& style) {
  if (failure.where.file.empty()) return "";
  return fmt::format("  {}\n", style.cyan(failure.where.to_string())) +
         source_excerpt(failure.where, failure.source_line, style);
}

std::string server_lines(const Failure& failure, const Style& style) {
  const ServerMessage& server = failure.server;
  std::string text;
  if (failure.code == ErrorCode::interrupted)
    return text;  // the server only repeats our own request
  // The message line is ours if the engine put its own words in front of the server's.
  if (!server.message.empty() && failure.message.find(server.message) == std::string::npos)
    text += labelled(server.severity.empty() ? "ERROR" : server.severity, server.message, style);
  return text + show_server_fields(server, style);
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

/// A capital in front and a full stop behind. What is no plain word (a file, a name) stays as it
/// is.
std::string sentence(std::string text) {
  const std::size_t word = std::min(text.find(' '), text.size());
  const bool is_name = text.compare(0, word, "psql") == 0 || text.compare(0, word, "pgpm") == 0;
  const bool is_word = std::all_of(text.begin(), text.begin() + static_cast<long>(word), is_lower);
  if (word > 0 && is_word && !is_name) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  if (!text.empty() && text.back() != '.' && text.back() != '?' && text.back() != '!' &&
      text.back() != ';')
    text += '.';
  return text;
}

/// "Next: ..." over as many lines as it takes, aligned behind the label.
std::string labelled_paragraph(const std::string& label, const std::string& text,
                               const Style& style) {
  const std::string indent(label.size() + 2, ' ');
  const std::string wrapped = wrap(text, std::max<std::size_t>(style.width, 40), indent);
  return fmt::format("{} {}\n", style.bold(label + ":"),
                     std::string_view(wrapped).substr(std::min(indent.size(), wrapped.size())));
}

/// Whether the engine's hint already names what a step tells to type: an option or a `command` of
/// it.
bool is_said(const std::string& step, const std::string& hint) {
  for (std::size_t from = 0; from < step.size();) {
    const std::size_t end = std::min(step.find_first_of(" `,.;:", from), step.size());
    const std::string word = step.substr(from, end - from);
    if (word.size() > 2 && word.compare(0, 2, "--") == 0 && hint.find(word) != std::string::npos)
      return true;
    from = end + 1;
  }
  const std::size_t open = step.find('`');
  const std::size_t close = open == std::string::npos ? open : step.find('`', open + 1);
  return close != std::string::npos &&
         hint.find(step.substr(open, close - open + 1)) != std::string::npos;
}

std::string advice(const Failure& failure, const Style& style) {
  std::string text, hints = failure.hint;
  for (const Diagnostic& finding : failure.diagnostics) hints += "\n" + finding.hint;
  if (!failure.database_state.empty())
    text += labelled_paragraph("Database", sentence(clean(failure.database_state)), style);
  if (!failure.hint.empty())
    text += labelled_paragraph("Hint", sentence(clean(failure.hint)), style);
  for (const std::string& step : next_steps(failure))
    if (!is_said(step, hints)) text += labelled_paragraph("Next", clean(step), style);
  return text;
}

/// An error with a single finding that says the same is shown as one thing.
Failure with_only_finding(Failure failure) {
  if (failure.diagnostics.size() != 1) return failure;
  const Diagnostic finding = failure.diagnostics.front();
  const bool says_the_same = failure.message.find(finding.message) != std::string::npos;
  const bool is_elsewhere = !failure.where.file.empty() && !(failure.where == finding.where);
  if (!says_the_same || is_elsewhere) return failure;
  failure.message = finding.message;
  failure.where = finding.where;
  failure.source_line = finding.source_line;
  if (failure.hint.empty()) failure.hint = finding.hint;
  if (failure.hint == finding.hint) failure.diagnostics.clear();
  return failure;
}

std::string diagnostics(const std::vector<Diagnostic>& findings, const Style& style) {
  std::string text;
  for (const Diagnostic& finding : findings) text += "\n" + show_diagnostic(finding, style);
  return text;
}

}  // namespace

Failure Failure::of(const Error& error, std::string command) {
  Failure failure;
  failure.code = error.code();
  failure.command = std::move(command);
  failure.message = error.what();
  failure.where = error.where().value_or(SourceLocation{});
  failure.source_line = error.source_line();
  failure.server = error.server().value_or(ServerMessage{});
  failure.diagnostics = error.diagnostics();
  failure.context = error.context();
  failure.hint = error.hint();
  failure.database_state = error.database_state();
  return failure;
}

Failure Failure::of(const VerifyFailed& event, std::string command) {
  Failure failure;
  failure.code = ErrorCode::verification_failed;
  failure.command = std::move(command);
  failure.message = event.message.message;
  failure.module = event.module;
  failure.change = event.change;
  failure.where = event.where;
  failure.source_line = event.source_line;
  failure.server = event.message;
  return failure;
}

std::string show_server_fields(const ServerMessage& server, const Style& style) {
  std::string text;
  text += labelled("DETAIL", server.detail, style);
  text += labelled("HINT", server.hint, style);
  text += labelled("QUERY", server.internal_query, style);
  text += labelled("CONTEXT", server.context, style);
  text += labelled("SQLSTATE", server.sqlstate, style);
  return text;
}

std::string show_failure(const Failure& given, const Style& style) {
  const Failure failure = with_only_finding(given);
  const std::string details = change_lines(failure, style) + place(failure, style) +
                              server_lines(failure, style) +
                              diagnostics(failure.diagnostics, style);
  std::string next = advice(failure, style);
  if (!details.empty() && !next.empty()) next.insert(0, 1, '\n');
  return fmt::format("{} {}\n", style.strong_red("error:"), style.bold(clean(failure.message))) +
         details + next;
}

std::string show_diagnostic(const Diagnostic& diagnostic, const Style& style) {
  const bool is_error = diagnostic.severity == Severity::error;
  const std::string label = is_error ? style.strong_red("error:") : style.yellow("warning:");
  std::string text;
  if (!diagnostic.where.file.empty()) text += style.cyan(diagnostic.where.to_string()) + ": ";
  text += fmt::format("{} {}\n", label, clean(diagnostic.message));
  text += source_excerpt(diagnostic.where, diagnostic.source_line, style);
  if (!diagnostic.hint.empty()) text += fmt::format("  {}\n", sentence(clean(diagnostic.hint)));
  return text;
}

}  // namespace pgpm::cli
