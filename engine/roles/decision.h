// What is to be done about roles: pure, from what there is and what is wanted to statements and a
// report. Only what differs is set, because some attributes take a superuser even to be taken away,
// and because what is not written cannot collide with somebody else.
#pragma once

#include <string>
#include <vector>

#include "engine/roles/cluster.h"
#include "pgpm/roles.h"

namespace pgpm::roles {

struct Statement {
  std::string sql;
  std::string purpose;  ///< "creating role anonymous": what messages may say, unlike the SQL
};

struct Decision {
  std::vector<Statement> statements;
  RolesReport report;
};

/// A user to create, with its verifier.
struct NewUser {
  std::string name, verifier;
};

/// Throws Error(refused) if a role that would be altered is the one we are connected as.
Decision decide_bootstrap(const Cluster& cluster, const RoleNames& names, ClientRole client);
Decision decide_add(const Cluster& cluster, const std::vector<NewUser>& users,
                    const std::vector<Membership>& memberships);
Decision decide_remove(const Cluster& cluster, const std::vector<std::string>& users);

}  // namespace pgpm::roles
