// The way from a Target to a ready session, and what to say when there is none.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>

#include "engine/db/wire.h"
#include "pgpm/target.h"

namespace pgpm::db {

/// A connected, non-blocking session that watches `stop`. Throws as Connection::open does.
std::unique_ptr<Connection::State> connect(const Target& target, std::stop_token stop,
                                           std::chrono::milliseconds timeout);

}  // namespace pgpm::db
