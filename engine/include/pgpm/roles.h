// The roles that modules of this ecosystem expect (anonymous, authenticated, administrator) and the
// users who may act as them. Roles belong to the whole server, whatever database one connects to;
// if the target's does not exist yet, a maintenance database serves as well. Every verb is one
// transaction, may be repeated, and may run any number of times at once.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/error.h"
#include "pgpm/target.h"

namespace pgpm {

/// What the standard roles are called; `db.roles` of pgpm.json.
struct RoleNames {
  std::string anonymous = "anonymous";
  std::string authenticated = "authenticated";
  std::string administrator = "administrator";
  std::string client = "authenticated_client";  ///< `authenticatedClient`
};

/// Somebody who may log in. The server gets a SCRAM-SHA-256 verifier, never the password itself.
struct LoginUser {
  std::string name;
  Secret password;
};

struct RoleSettings {
  RoleNames names;
  LoginUser app{"app_user", Secret("app_password")};       ///< `db.connections.app`
  LoginUser admin{"app_admin", Secret("admin_password")};  ///< `db.connections.admin`
};

/// The settings of the pgpm.json around `start`, over the defaults; the defaults if there is none.
/// Throws Error(configuration) with every problem found.
RoleSettings read_role_settings(const std::filesystem::path& start);

enum class RoleOutcome {
  created,
  altered,    ///< attributes or settings were not as they should be
  unchanged,  ///< an existing user keeps password and attributes
  dropped,
  absent,  ///< to be removed, and not there
};
const char* role_outcome_name(RoleOutcome outcome);

struct RoleResult {
  std::string role;
  RoleOutcome outcome = RoleOutcome::unchanged;
  std::vector<std::string> set;  ///< what was set: "NOLOGIN", "BYPASSRLS", "statement_timeout=15s"
  bool can_log_in = false;       ///< when all is done
};

enum class GrantOutcome {
  granted,
  unchanged,  ///< was a member already
  missing,    ///< one of the two roles does not exist
};
const char* grant_outcome_name(GrantOutcome outcome);

struct GrantResult {
  std::string role, member;
  GrantOutcome outcome = GrantOutcome::unchanged;
};

struct RolesReport {
  std::vector<RoleResult> roles;
  std::vector<GrantResult> grants;
};

enum class ClientRole { leave, create };

/// Creates the standard roles, or gives existing ones their attributes: none may log in or do
/// anything special, but the administrator bypasses row level security. With ClientRole::create
/// also the client role: a member of authenticated, whose statements may take 15 s.
/// All verbs throw Error(sql) naming the right that is missing, Error(refused) for what must not be
/// touched, Error(configuration) for names no role can have.
RolesReport bootstrap_roles(const Target& target, const RoleNames& names, ClientRole client,
                            std::stop_token stop);

/// Creates a user who may act as anonymous and authenticated. One that exists keeps its password
/// and gets what memberships it lacks. Error(usage) for a name no user can have.
RolesReport add_user(const Target& target, const RoleNames& names, const LoginUser& user,
                     std::stop_token stop);

/// Creates the two users of tests: `app` acts as anonymous and authenticated; `admin` as
/// administrator, who then may act as both, too.
RolesReport add_test_users(const Target& target, const RoleSettings& settings,
                           std::stop_token stop);

/// Drops users. Error(refused) if one is a standard role, owns something or is in use.
RolesReport remove_users(const Target& target, const RoleNames& names,
                         const std::vector<std::string>& users, std::stop_token stop);

}  // namespace pgpm
