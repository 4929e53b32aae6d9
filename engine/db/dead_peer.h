// A server that runs a long statement learns of its client's death only when it has something to
// send; until then the statement goes on, holding its locks. PostgreSQL 14 and newer can look from
// time to time (client_connection_check_interval, not on every platform).
#pragma once

#include <stop_token>
#include <string_view>

#include "engine/db/connection.h"
#include "pgpm/target.h"

namespace pgpm::db {

/// The server's setting; repeated for no pooler: the server's client is the pooler then.
constexpr std::string_view dead_peer_setting = "client_connection_check_interval";

/// A session whose server looks every second whether we are still there, if it can. One connection
/// more where it cannot. Throws as Connection::open does.
Connection open_watched(const Target& target, std::stop_token stop);

}  // namespace pgpm::db
