#include "engine/db/dead_peer.h"

#include <string>
#include <utility>

namespace pgpm::db {

namespace {

constexpr std::pair<const char*, const char*> for_us[] = {{"keepalives_idle", "30"},
                                                          {"keepalives_interval", "10"},
                                                          {"keepalives_count", "3"},
                                                          {"tcp_user_timeout", "60000"}};

constexpr std::pair<const char*, const char*> for_the_server[] = {
    {"client_connection_check_interval", "500ms"},
    {"tcp_keepalives_idle", "4"},
    {"tcp_keepalives_interval", "2"},
    {"tcp_keepalives_count", "3"}};

}  // namespace

void watch_for_dead_server(ConnectionParameters& parameters) {
  for (const auto& [keyword, value] : for_us)
    if (effective_parameter(parameters, keyword).empty())
      parameters.entries.emplace_back(keyword, value);
}

void ask_to_watch_for_dead_client(ConnectionParameters& parameters) {
  std::string options;
  for (const auto& [name, value] : for_the_server) options += startup_option(name, value) + ' ';
  // The last of two wins.
  options += effective_parameter(parameters, "options");
  parameters.entries.emplace_back("options", options);
}

bool may_have_refused_to_watch(const Error& error) {
  if (!error.server()) return false;
  const std::string& state = error.server()->sqlstate;
  const bool unknown_setting = state == "42704";
  const bool cannot_here = state == "22023";
  const bool pooler = state == "08P01";
  return unknown_setting || cannot_here || pooler;
}

}  // namespace pgpm::db
