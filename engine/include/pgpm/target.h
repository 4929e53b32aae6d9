// The database to act on, as libpq parameters. There is no printer that shows its secrets.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pgpm {

/// A value that must never be shown. Printing needs reveal(), which only engine/db calls.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

/// Connection settings. What is left empty is libpq's to decide (PG* variables, service file,
/// .pgpass). A `dsn` (URI or keyword=value text) may hold a password, so it is a Secret as a whole;
/// settings given beside it win over it.
struct Target {
  Secret dsn;
  std::string database;
  std::string host;
  std::string port;
  std::string user;
  /// The network address of `host`, if it is known already: "" = ask.
  std::string address;
  /// Sent as application_name, e.g. "pgpm deploy".
  std::string application = "pgpm";
  /// Server settings for the whole session, sent at start-up so that RESET ALL returns to them
  /// (e.g. {"lock_timeout", "5s"}).
  std::vector<std::pair<std::string, std::string>> settings;

  /// The same server and user, another database.
  Target with_database(std::string name) const;
};

/// The text with every password in it replaced by "***": in URIs (user:pw@, ?password=) and in
/// keyword/value pairs (password, sslpassword, PGPASSWORD). For messages of others that may quote
/// our connection string.
std::string redact(std::string text);
/// The same, and the passwords of `dsn` are gone in any form: quoted, decoded, or in the pieces
/// that a message about a malformed one shows.
std::string redact(std::string text, const Secret& dsn);

}  // namespace pgpm
