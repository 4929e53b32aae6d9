// Where a database is, and how its passwords are kept out of every text. Redacting reads text that
// others wrote, maybe malformed, so it errs on the side of hiding: a piece of a password shown is
// worse than a piece of a host name hidden.
#include "pgpm/target.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/ascii.h"

namespace pgpm {
namespace {

constexpr std::string_view hidden = "***";

bool is_secret_key(std::string_view key) {
  constexpr std::array<std::string_view, 5> keys{"password", "sslpassword", "pgpassword", "passwd",
                                                 "oauth_client_secret"};
  return std::any_of(keys.begin(), keys.end(),
                     [&](std::string_view secret) { return iequals(key, secret); });
}

bool is_key_character(char c) {
  return is_alnum(c) || c == '_' || is_high(c);
}

bool ends_uri(char c) {
  return is_space(c) || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`';
}

/// libpq decodes the keywords of a URI too, so pass%77ord= is a password.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && text.size() - i > 2 && hex_value(text[i + 1]) >= 0 &&
                        hex_value(text[i + 2]) >= 0;
    if (!escape) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  return decoded;
}

/// Calls `found(value)` for each secret of a URI, given from behind its "://" to its end.
template <typename Found>
void find_uri_secrets(std::string_view uri, const Found& found) {
  const std::size_t query = std::min(uri.find('?'), uri.size());
  const std::string_view front = uri.substr(0, query);
  const std::string_view authority = front.substr(0, front.find_first_of("/#"));
  std::size_t at = authority.rfind('@');
  // A password with a bare slash in it: no host name or path holds an @ in practice.
  if (at == std::string_view::npos) at = front.rfind('@');
  const std::size_t colon = at == std::string_view::npos ? at : front.substr(0, at).find(':');
  if (colon != std::string_view::npos && colon + 1 < at) {
    found(front.substr(colon + 1, at - colon - 1));
  }
  for (std::size_t begin = query + 1; begin < uri.size();) {
    const std::size_t end = std::min(uri.find('&', begin), uri.size());
    const std::string_view pair = uri.substr(begin, end - begin);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && equals + 1 < pair.size() &&
        is_secret_key(percent_decoded(pair.substr(0, equals)))) {
      found(pair.substr(equals + 1));
    }
    begin = end + 1;
  }
}

std::size_t uri_end(std::string_view text, std::size_t at) {
  while (at < text.size() && !ends_uri(text[at])) ++at;
  return at;
}

/// The end of a keyword's value as libpq reads it: quoted, or up to white space; a backslash hides
/// what follows.
std::size_t value_end(std::string_view text, std::size_t at) {
  const bool quoted = text[at] == '\'';
  if (quoted) ++at;
  while (at < text.size()) {
    if (quoted ? text[at] == '\'' : is_space(text[at])) break;
    at += text[at] == '\\' && at + 1 < text.size() ? 2U : 1U;
  }
  return quoted && at < text.size() ? at + 1 : at;
}

/// A message may quote the whole string: the quote behind an unquoted value is the message's.
std::size_t without_closing_quote(std::string_view text, std::size_t begin, std::size_t end) {
  if (text[begin] == '\'') return end;
  const std::size_t quote = text.substr(begin, end - begin).find_last_of('"');
  const bool at_end = quote != std::string_view::npos && begin + quote + 2 >= end;
  return at_end && quote > 0 ? begin + quote : end;
}

std::size_t key_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_key_character(text[at])) ++at;
  return at;
}

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

/// Behind the = of a secret key that stands at `begin`, and behind the white space that may follow.
std::size_t behind_secret_key(std::string_view text, std::size_t begin) {
  const std::size_t end = key_end(text, begin);
  if (!is_secret_key(text.substr(begin, end - begin))) return std::string_view::npos;
  const std::size_t equals = skip_space(text, end);
  if (equals == text.size() || text[equals] != '=') return std::string_view::npos;
  return skip_space(text, equals + 1);
}

/// Where the value of such a key begins, if it has one.
std::size_t secret_value(std::string_view text, std::size_t begin) {
  const std::size_t value = behind_secret_key(text, begin);
  if (value >= text.size()) return std::string_view::npos;
  // Left empty: the next pair has the secret.
  const bool empty = behind_secret_key(text, value) != std::string_view::npos;
  return empty ? std::string_view::npos : value;
}

/// Calls `found(value)` for each secret in a text, in order. Values are parts of the text.
template <typename Found>
void find_secrets(std::string_view text, const Found& found) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.substr(at, 3) == "://") {
      const std::size_t end = uri_end(text, at + 3);
      find_uri_secrets(text.substr(at + 3, end - at - 3), found);
      at = end;
    } else if (is_key_character(text[at])) {
      const std::size_t begin = secret_value(text, at);
      at = key_end(text, at);
      if (begin == std::string_view::npos) continue;
      at = without_closing_quote(text, begin, value_end(text, begin));
      found(text.substr(begin, at - begin));
    } else {
      ++at;
    }
  }
}

/// What the server is sent for a value written '...' or with backslashes.
std::string unescaped(std::string_view value) {
  const bool quoted = value.size() > 1 && value.front() == '\'' && value.back() == '\'';
  if (quoted) value = value.substr(1, value.size() - 2);
  std::string plain;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) ++i;
    plain += value[i];
  }
  return plain;
}

/// Hides every occurrence of many secrets at once. What stands in for one secret is never searched
/// for another: a password of one asterisk would grow the text threefold each time.
class Hiding {
 public:
  void add(std::string_view secret) {
    if (!secret.empty()) secrets_.emplace(secret);
  }

  /// What messages about a malformed URI quote: whatever lies between the delimiters its parser
  /// stopped at.
  void add_pieces(std::string_view secret) {
    constexpr std::size_t telling = 4;  // shorter pieces are in every other word
    while (!secret.empty()) {
      const std::size_t end = std::min(secret.find_first_of(":@/ "), secret.size());
      if (end >= telling) add(secret.substr(0, end));
      secret.remove_prefix(std::min(end + 1, secret.size()));
    }
  }

  std::string apply(std::string text) const {
    std::vector<bool> secret_bytes(text.size());
    bool any = false;
    for (const std::string& secret : secrets_) any |= mark(text, secret, secret_bytes);
    if (!any) return text;
    std::string clean;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (!secret_bytes[i]) clean += text[i];
      if (secret_bytes[i] && (i == 0 || !secret_bytes[i - 1])) clean += hidden;
    }
    return clean;
  }

 private:
  static bool mark(std::string_view text, std::string_view secret, std::vector<bool>& bytes) {
    std::size_t marked = 0;  // up to here; occurrences may overlap
    for (std::size_t at = 0; (at = text.find(secret, at)) != std::string_view::npos; ++at) {
      for (std::size_t i = std::max(at, marked); i < at + secret.size(); ++i) bytes[i] = true;
      marked = at + secret.size();
    }
    return marked != 0;
  }

  std::set<std::string, std::less<>> secrets_;
};

}  // namespace

Target Target::with_database(std::string name) const {
  Target other = *this;
  other.database = std::move(name);
  return other;
}

std::string redact(std::string text) {
  std::string clean;
  std::size_t copied = 0;
  const std::string_view all = text;
  find_secrets(all, [&](std::string_view secret) {
    const auto begin = static_cast<std::size_t>(secret.data() - all.data());
    clean.append(all, copied, begin - copied).append(hidden);
    copied = begin + secret.size();
  });
  if (copied == 0) return text;
  return clean.append(all, copied, std::string_view::npos);
}

std::string redact(std::string text, const Secret& dsn) {
  Hiding hiding;
  find_secrets(dsn.reveal(), [&](std::string_view secret) {
    hiding.add(secret);
    hiding.add(unescaped(secret));
    hiding.add(percent_decoded(secret));
    hiding.add_pieces(unescaped(secret));
  });
  return redact(hiding.apply(std::move(text)));
}

}  // namespace pgpm
