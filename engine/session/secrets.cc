#include "engine/session/secrets.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/text/ascii.h"

namespace pgpm {

namespace {

/// A server that shortens a value still shows more of it than this.
constexpr std::size_t telling_beginning = 16;
/// Shorter ones would take ordinary words out of messages.
constexpr std::size_t shortest = 4;
constexpr std::string_view mask = "***";

bool sounds_secret(std::string_view name) {
  static constexpr std::array<std::string_view, 7> words{"pass", "pwd",  "secret",    "token",
                                                         "key",  "auth", "credential"};
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return name.find(word) != std::string_view::npos;
  });
}

bool is_everyday_word(std::string_view value) {
  return value.size() < shortest || iequals(value, "true") || iequals(value, "false");
}

/// With a backslash (or whatever `escape` is, '\0' = itself) before each of these characters.
std::string escaped(std::string_view value, std::string_view characters, char escape) {
  std::string text;
  for (const char c : value) {
    if (characters.find(c) != std::string_view::npos) text += escape == '\0' ? c : escape;
    text += c;
  }
  return text;
}

std::string_view beginning_of(const std::string& value) {
  return std::string_view(value).substr(0, telling_beginning);
}

/// How many bytes of the value there are at the text's beginning; 0 if too few to tell.
std::size_t shown_of(const std::string& value, std::string_view text) {
  if (!text.starts_with(beginning_of(value))) return 0;
  const auto differ = std::mismatch(value.begin(), value.end(), text.begin(), text.end());
  return static_cast<std::size_t>(differ.first - value.begin());
}

}  // namespace

Secrets::Secrets(const SessionParameters& checked, const std::vector<std::string>& secret) {
  for (const auto& parameter : checked) {
    const auto& [name, value] = parameter;
    const bool is_named = std::any_of(secret.begin(), secret.end(), [&](const std::string& one) {
      return iequals(one, parameter.first);
    });
    if (is_everyday_word(value) || !(is_named || sounds_secret(name))) continue;
    values_.push_back(value);
    values_.push_back(escaped(value, "'", '\0'));
    values_.push_back(escaped(value, "'\\", '\0'));
    values_.push_back(escaped(value, "\"\\", '\\'));
  }
  std::sort(values_.begin(), values_.end());
  values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
}

std::string Secrets::without(std::string text) const {
  for (std::size_t at = 0;; at += mask.size()) {
    std::size_t next = std::string::npos, shown = 0;
    for (const std::string& value : values_)
      next = std::min(next, text.find(beginning_of(value), at));
    if (next == std::string::npos) return text;
    for (const std::string& value : values_)
      shown = std::max(shown, shown_of(value, std::string_view(text).substr(next)));
    text.replace(at = next, shown, mask);
  }
}

ServerMessage Secrets::without(ServerMessage message) const {
  for (std::string* text :
       {&message.message, &message.detail, &message.hint, &message.context, &message.internal_query,
        &message.schema, &message.table, &message.column, &message.data_type, &message.constraint})
    *text = without(std::move(*text));
  return message;
}

Diagnostic Secrets::without(Diagnostic diagnostic) const {
  for (std::string* text : {&diagnostic.message, &diagnostic.source_line, &diagnostic.hint})
    *text = without(std::move(*text));
  return diagnostic;
}

Error Secrets::without(const Error& error) const {
  Error told(error.code(), without(std::string(error.what())));
  if (error.where()) told.at(*error.where(), without(error.source_line()));
  told.hint(without(error.hint())).leaving(error.database_state());
  if (error.server()) told.from_server(without(*error.server()));
  for (const std::string& frame : error.context()) told.add_context(without(frame));
  std::vector<Diagnostic> findings = error.diagnostics();
  for (Diagnostic& finding : findings) finding = without(std::move(finding));
  told.with(std::move(findings));
  return told;
}

void DiscreetObserver::on_event(const Event& event) {
  if (secrets_.values_.empty()) return observer_.on_event(event);
  Event told = event;
  if (auto* notice = std::get_if<NoticeRaised>(&told))
    notice->message = secrets_.without(std::move(notice->message));
  if (auto* warning = std::get_if<WarningRaised>(&told))
    warning->diagnostic = secrets_.without(std::move(warning->diagnostic));
  if (auto* check = std::get_if<CheckFinished>(&told)) {
    check->message = secrets_.without(std::move(check->message));
    check->server = secrets_.without(std::move(check->server));
    for (Diagnostic& finding : check->findings) finding = secrets_.without(std::move(finding));
  }
  observer_.on_event(told);
}

}  // namespace pgpm
