#include "engine/db/dead_peer.h"

namespace pgpm::db {

namespace {

// There is no such setting (undefined_object), or the platform cannot do it
// (invalid_parameter_value).
bool refuses_setting(const Error& error) {
  if (!error.server()) return false;
  return error.server()->sqlstate == "42704" || error.server()->sqlstate == "22023";
}

}  // namespace

Connection open_watched(const Target& target, std::stop_token stop) {
  Target watched = target;
  watched.settings.emplace_back(dead_peer_setting, "1s");
  try {
    return Connection::open(watched, stop);
  } catch (const Error& error) {
    if (!refuses_setting(error)) throw;
  }
  return Connection::open(target, std::move(stop));
}

}  // namespace pgpm::db
