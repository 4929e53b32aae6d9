// A Target as what libpq takes: arrays of keywords and values, never one text glued together.
// Precedence: our own needs (encoding, application name), explicit settings, the dsn, then libpq's
// rules (PG* variables, service file). The surprising fact: libpq itself is asked for what those
// rules give, by a connection attempt that cannot start.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pgpm/target.h"

namespace pgpm::db {

struct ConnectionParameters {
  /// In libpq's order: a dsn goes first, as an expandable dbname, so what follows wins over it.
  std::vector<std::pair<std::string, std::string>> entries;
  /// The password of the dsn, "" if it has none: must not appear in any message.
  std::string password;

  /// NULL-terminated; valid as long as `entries` is not changed.
  std::vector<const char*> keywords() const;
  std::vector<const char*> values() const;
};

/// The target with a connection string that was given as database name ("-d postgresql://...")
/// moved to where it belongs, so that another database can be named.
Target with_dsn_apart(const Target& target);

/// Throws Error(connection) if the dsn is malformed, without quoting any of it.
ConnectionParameters connection_parameters(const Target& given);

/// What libpq would use for `keyword` (any but "port") after applying all of its rules; "" if
/// nothing.
std::string effective_parameter(const ConnectionParameters& parameters, std::string_view keyword);

/// Through a socket file: no name has to be looked up, which can take long and cannot be given up.
/// Throws as connection_parameters().
bool is_on_this_machine(const Target& target);

/// What the target says, as the environment variables that libpq programs read; what it leaves open
/// is not among them. Throws as connection_parameters().
std::vector<std::pair<std::string, Secret>> connection_variables(const Target& given);

/// "-c name=value" with blanks and backslashes escaped as the server's start-up options want it.
std::string startup_option(std::string_view name, std::string_view value);

}  // namespace pgpm::db
