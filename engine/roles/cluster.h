// What the server has of the roles one asks about. Reads only.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/db/connection.h"

namespace pgpm::roles {

/// The attributes that pgpm decides about, in the order it writes them.
struct Attributes {
  bool createdb = false, superuser = false, createrole = false, login = false, replication = false,
       bypassrls = false;
};

struct Role {
  Attributes attributes;
  std::string statement_timeout;  ///< as set for the role in every database, "" = not set
  bool is_protected = false;      ///< we are connected as it, or the server was made with it
};

struct Membership {
  std::string role, member;
  auto operator<=>(const Membership&) const = default;
};

struct Cluster {
  std::map<std::string, Role> roles;
  std::set<Membership> memberships;  ///< direct ones
};

/// Of the roles named, those that exist, and who of them is a member of which.
Cluster read_cluster(db::Connection& connection, const std::vector<std::string>& names);

}  // namespace pgpm::roles
