// How a Target becomes libpq parameters. Must not connect; must not let a piece of a dsn into an
// error text, because libpq quotes the part of a malformed one that it could not read, and that
// part may be half a password.
#include "engine/db/conninfo.h"

#include <memory>

#include "engine/db/libpq.h"
#include "pgpm/error.h"

namespace pgpm::db {

namespace {

struct ConninfoDeleter {
  void operator()(PQconninfoOption* options) const noexcept { libpq().PQconninfoFree(options); }
};
using Conninfo = std::unique_ptr<PQconninfoOption, ConninfoDeleter>;

struct MemoryDeleter {
  void operator()(char* memory) const noexcept { libpq().PQfreemem(memory); }
};

struct ProbeDeleter {
  void operator()(PGconn* connection) const noexcept { libpq().PQfinish(connection); }
};

std::string find_option(const PQconninfoOption* options, std::string_view keyword) {
  for (const PQconninfoOption* option = options; option != nullptr && option->keyword != nullptr;
       ++option)
    if (keyword == option->keyword && option->val != nullptr) return option->val;
  return {};
}

bool is_uri(std::string_view text) {
  return text.substr(0, 13) == "postgresql://" || text.substr(0, 11) == "postgres://";
}

// The same test as libpq's: what its tools accept in place of a database name.
bool is_connection_string(std::string_view text) {
  return is_uri(text) || text.find('=') != std::string_view::npos;
}

Error malformed() {
  Error error(ErrorCode::connection, "the connection string is malformed");
  error.hint(
      "write postgresql://USER@HOST:PORT/DATABASE or \"host=... dbname=...\"; in a URI, "
      "percent-encode "
      "characters such as @ : / % in the user name and password");
  return error;
}

// user:p@ss@host and user:p/ss@host parse, into a host or database name that is half a password.
bool has_stray_at(std::string_view uri) {
  std::string_view rest = uri.substr(uri.find("://") + 3);
  rest = rest.substr(0, rest.find('?'));
  const std::size_t at = rest.find('@');
  if (at == std::string_view::npos) return false;
  return rest.find('@', at + 1) != std::string_view::npos || rest.find('/') < at;
}

// Several hosts have several, parted by commas; an empty one is the default.
bool is_port(std::string_view port) {
  return port.find_first_not_of("0123456789, ") == std::string_view::npos;
}

// Adds the text for libpq to expand and returns the password in it.
std::string add_connection_string(ConnectionParameters& parameters, const std::string& text) {
  char* message = nullptr;
  const Conninfo parsed(libpq().PQconninfoParse(text.c_str(), &message));
  const std::unique_ptr<char, MemoryDeleter> owned(message);
  if (!parsed || (is_uri(text) && has_stray_at(text))) throw malformed();
  // postgresql://user:password parses too: its port is the password.
  if (!is_port(find_option(parsed.get(), "port"))) throw malformed();
  // libpq expands only a dbname that it takes for a connection string; "" and blanks are valid dsns
  // that say nothing.
  if (is_connection_string(text)) parameters.entries.emplace_back("dbname", text);
  return find_option(parsed.get(), "password");
}

void add(ConnectionParameters& parameters, const char* keyword, const std::string& value) {
  if (!value.empty()) parameters.entries.emplace_back(keyword, value);
}

void add_settings(ConnectionParameters& parameters, const Target& target) {
  if (target.settings.empty()) return;
  std::string options = effective_parameter(parameters, "options");
  for (const auto& setting : target.settings) {
    if (!options.empty()) options += ' ';
    options += startup_option(setting.first, setting.second);
  }
  parameters.entries.emplace_back("options", options);
}

}  // namespace

std::vector<const char*> ConnectionParameters::keywords() const {
  std::vector<const char*> list;
  for (const auto& entry : entries) list.push_back(entry.first.c_str());
  list.push_back(nullptr);
  return list;
}

std::vector<const char*> ConnectionParameters::values() const {
  std::vector<const char*> list;
  for (const auto& entry : entries) list.push_back(entry.second.c_str());
  list.push_back(nullptr);
  return list;
}

Target with_dsn_apart(const Target& target) {
  // Only one string can be expanded; the nearer one wins.
  Target apart = target;
  if (is_connection_string(target.database)) {
    apart.dsn = Secret(target.database);
    apart.database.clear();
  }
  return apart;
}

ConnectionParameters connection_parameters(const Target& given) {
  const Target target = with_dsn_apart(given);
  ConnectionParameters parameters;
  if (!target.dsn.empty())
    parameters.password = add_connection_string(parameters, target.dsn.reveal());
  add(parameters, "dbname", target.database);
  add(parameters, "host", target.host);
  add(parameters, "hostaddr", target.address);
  add(parameters, "port", target.port);
  add(parameters, "user", target.user);
  add(parameters, "application_name", target.application);
  parameters.entries.emplace_back("client_encoding", "UTF8");
  add_settings(parameters, target);
  return parameters;
}

std::vector<std::pair<std::string, Secret>> connection_variables(const Target& given) {
  const Target target = with_dsn_apart(given);
  connection_parameters(target);  // throws if the dsn is malformed
  const Conninfo parsed(libpq().PQconninfoParse(target.dsn.reveal().c_str(), nullptr));
  const std::pair<std::string_view, const std::string&> own[] = {{"dbname", target.database},
                                                                 {"host", target.host},
                                                                 {"hostaddr", target.address},
                                                                 {"port", target.port},
                                                                 {"user", target.user}};
  std::vector<std::pair<std::string, Secret>> variables;
  for (const PQconninfoOption* option = parsed.get();
       option != nullptr && option->keyword != nullptr; ++option) {
    if (option->envvar == nullptr) continue;
    std::string value = option->val == nullptr ? "" : option->val;
    for (const auto& [keyword, ours] : own)
      if (keyword == option->keyword && !ours.empty()) value = ours;
    if (!value.empty()) variables.emplace_back(option->envvar, Secret(std::move(value)));
  }
  return variables;
}

std::string effective_parameter(const ConnectionParameters& parameters, std::string_view keyword) {
  // Port 0 is refused by libpq before it resolves or opens anything, but after it has applied all
  // its rules.
  ConnectionParameters probe = parameters;
  probe.entries.emplace_back("port", "0");
  const std::unique_ptr<PGconn, ProbeDeleter> connection(
      libpq().PQconnectStartParams(probe.keywords().data(), probe.values().data(), 1));
  if (!connection) throw std::bad_alloc();
  const Conninfo options(libpq().PQconninfo(connection.get()));
  return find_option(options.get(), keyword);
}

bool is_on_this_machine(const Target& target) {
  const std::string host = effective_parameter(connection_parameters(target), "host");
  return host.empty() || host.front() == '/';
}

std::string startup_option(std::string_view name, std::string_view value) {
  std::string option = "-c ";
  for (const std::string_view part : {name, std::string_view("="), value})
    for (const char c : part) {
      const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
      if (blank || c == '\\') option += '\\';
      option += c;
    }
  return option;
}

}  // namespace pgpm::db
