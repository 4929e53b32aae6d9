// The one way roles are changed: in a transaction that holds the role set's advisory lock, decided
// on what is there, and decided again if somebody was faster. Advisory locks are a database's own,
// roles the server's: two runs in different databases do collide, and the server then answers with
// one of several errors, unique violation and "tuple concurrently updated" among them.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/roles/decision.h"

namespace pgpm::roles {

using Decide = std::function<Decision(const Cluster&)>;

struct RoleChange {
  std::string lock;                ///< what is locked: equal texts exclude each other
  std::vector<std::string> roles;  ///< those `decide` wants to know about
  Decide decide;
};

/// Runs it to its end. Throws when it cannot be done at all.
RolesReport run(db::Connection& connection, const RoleChange& change, std::stop_token stop);

/// Another transaction was faster; trying again helps.
bool is_collision(const ServerMessage& message);

}  // namespace pgpm::roles
