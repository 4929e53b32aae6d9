#include "cli/ado_string.h"

#include <fmt/format.h>

#include <map>

#include "engine/text/ascii.h"
#include "pgpm/error.h"

namespace pgpm::cli {

namespace {

bool is_uri(std::string_view text) {
  return text.starts_with("postgres://") || text.starts_with("postgresql://");
}

/// Keys in lower case and without blanks.
const std::map<std::string, std::string>& keywords() {
  static const std::map<std::string, std::string> table{
      {"host", "host"},
      {"server", "host"},
      {"port", "port"},
      {"database", "dbname"},
      {"initialcatalog", "dbname"},
      {"username", "user"},
      {"userid", "user"},
      {"uid", "user"},
      {"password", "password"},
      {"pwd", "password"},
      {"sslmode", "sslmode"},
      {"sslcert", "sslcert"},
      {"sslcertificate", "sslcert"},
      {"sslkey", "sslkey"},
      {"rootcertificate", "sslrootcert"},
      {"sslrootcert", "sslrootcert"},
      {"sslpassword", "sslpassword"},
      {"applicationname", "application_name"},
      {"timeout", "connect_timeout"},
      {"connecttimeout", "connect_timeout"},
  };
  return table;
}

std::string folded(std::string_view key) {
  std::string result;
  for (const char c : key)
    if (!is_space(c)) result += to_lower(c);
  return result;
}

Error malformed(const std::string& why) {
  return Error(ErrorCode::configuration, "the connection string cannot be read: " + why)
      .hint("write postgresql://user@host/database, or Host=...;Database=...;Username=...");
}

class AdoReader {
 public:
  explicit AdoReader(std::string_view text) : rest_(text) {}

  ConnectionWords read() {
    ConnectionWords words;
    for (skip(); !rest_.empty(); skip()) {
      const std::size_t equals = rest_.find('=');
      if (equals == std::string_view::npos || rest_.find(';') < equals)
        throw malformed("a part has no \"=\"");
      const std::string key = folded(rest_.substr(0, equals));
      rest_.remove_prefix(equals + 1);
      const auto known = keywords().find(key);
      if (known == keywords().end()) throw malformed(fmt::format("it has the unknown key {}", key));
      std::string value = read_value();
      // .NET writes VerifyFull where libpq wants verify-full.
      if (known->second == "sslmode") {
        value = lower_case(value);
        if (value == "verifyfull") value = "verify-full";
        if (value == "verifyca") value = "verify-ca";
      }
      words.emplace_back(known->second, std::move(value));
    }
    return words;
  }

 private:
  void skip() {
    while (!rest_.empty() && (is_space(rest_.front()) || rest_.front() == ';'))
      rest_.remove_prefix(1);
  }

  std::string read_value() {
    rest_ = trim_left(rest_);
    if (!rest_.empty() && (rest_.front() == '\'' || rest_.front() == '"')) return read_quoted();
    const std::size_t end = std::min(rest_.find(';'), rest_.size());
    const std::string value(trim(rest_.substr(0, end)));
    rest_.remove_prefix(end);
    return value;
  }

  /// A quote inside is written twice.
  std::string read_quoted() {
    const char quote = rest_.front();
    std::string value;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] != quote) {
        value += rest_[i];
      } else if (i + 1 < rest_.size() && rest_[i + 1] == quote) {
        value += quote;
        ++i;
      } else {
        rest_.remove_prefix(i + 1);
        return value;
      }
    }
    throw malformed("a quoted value does not end");
  }

  std::string_view rest_;
};

std::string percent_encoded(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '/')
      text += c;
    else
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

}  // namespace

bool is_ado_string(std::string_view text) {
  return !is_uri(text) && text.find('=') != std::string_view::npos &&
         text.find(';') != std::string_view::npos;
}

ConnectionWords parse_ado_string(std::string_view text) {
  return AdoReader(text).read();
}

std::string conninfo_text(const ConnectionWords& words) {
  std::string text;
  for (const auto& [keyword, value] : words) {
    if (!text.empty()) text += ' ';
    text += keyword + "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += '\'';
  }
  return text;
}

std::string with_connection_words(const std::string& connection, const ConnectionWords& words) {
  if (words.empty()) return connection;
  if (!is_uri(connection))
    return connection.empty() ? conninfo_text(words) : connection + ' ' + conninfo_text(words);
  std::string text = connection;
  for (const auto& [keyword, value] : words) {
    text += text.find('?') == std::string::npos ? '?' : '&';
    text += keyword + '=' + percent_encoded(value);
  }
  return text;
}

}  // namespace pgpm::cli
