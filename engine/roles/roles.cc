// The verbs about roles: names are looked at, passwords become verifiers, then one role change.
// Must not know where names and passwords came from. All verbs of one role set share a lock, so
// that a user is never added while the roles it shall get are being made.
#include "pgpm/roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/db/admin.h"
#include "engine/db/password.h"
#include "engine/db/preflight.h"
#include "engine/roles/role_change.h"

namespace pgpm {

namespace {

constexpr std::size_t longest_name = 63;

/// What is wrong with it as a role's name, "" if nothing. The server would cut a longer one short,
/// and then it is another role's.
std::string name_problem(const std::string& name) {
  if (name.empty()) return "it is empty";
  if (name.find('\0') != std::string::npos) return "it holds a NUL byte";
  if (name.size() > longest_name) return fmt::format("it is longer than {} bytes", longest_name);
  if (name.starts_with("pg_")) return "names that begin with \"pg_\" are the server's";
  if (name == "public" || name == "none") return "the word means something else to the server";
  return {};
}

/// A message ends at a NUL byte.
std::string shown(std::string name) {
  std::replace(name.begin(), name.end(), '\0', '?');
  return name;
}

void check_role_names(const RoleNames& names) {
  std::set<std::string> seen;
  for (const std::string& name :
       {names.anonymous, names.authenticated, names.administrator, names.client}) {
    const std::string problem = name_problem(name);
    if (!problem.empty())
      throw Error(ErrorCode::configuration,
                  fmt::format("\"{}\" cannot be a role's name: {}", shown(name), problem))
          .hint("The names are those of \"db\".\"roles\" in pgpm.json.");
    if (!seen.insert(name).second)
      throw Error(ErrorCode::configuration,
                  fmt::format("two of the standard roles are called \"{}\"", name))
          .hint("The names are those of \"db\".\"roles\" in pgpm.json.");
  }
}

void check_user(const RoleNames& names, const std::string& user) {
  const std::string problem = name_problem(user);
  if (!problem.empty())
    throw Error(ErrorCode::usage,
                fmt::format("\"{}\" cannot be a user's name: {}", shown(user), problem));
  for (const std::string& role :
       {names.anonymous, names.authenticated, names.administrator, names.client})
    if (user == role)
      throw Error(ErrorCode::refused,
                  fmt::format("{} is one of the standard roles, not a user", user));
}

void check_password(const LoginUser& user) {
  if (user.password.empty())
    throw Error(ErrorCode::usage, fmt::format("the password of {} is empty", user.name));
  if (user.password.reveal().find('\0') != std::string::npos)
    throw Error(ErrorCode::usage, fmt::format("the password of {} holds a NUL byte", user.name));
}

db::Connection connect(const Target& target, std::stop_token stop) {
  try {
    return db::Connection::open(target, stop);
  } catch (const Error& error) {
    // Roles come before databases: the one that is to be deployed to may not be there yet.
    if (!error.server() || error.server()->sqlstate != "3D000") throw;
  }
  return db::open_maintenance(target, stop);
}

RolesReport change(const Target& target, const RoleNames& names,
                   const std::function<roles::RoleChange(db::Connection&)>& prepare,
                   std::stop_token stop) {
  check_role_names(names);
  db::Connection connection = connect(target, stop);
  db::preflight(connection, db::Intent::write);
  roles::RoleChange change = prepare(connection);
  change.lock =
      fmt::format("{}\n{}\n{}", names.anonymous, names.authenticated, names.administrator);
  change.roles.insert(change.roles.end(),
                      {names.anonymous, names.authenticated, names.administrator, names.client});
  return roles::run(connection, change, stop);
}

RolesReport add(const Target& target, const RoleNames& names, const std::vector<LoginUser>& users,
                const std::vector<roles::Membership>& memberships, std::stop_token stop) {
  check_role_names(names);
  for (const LoginUser& user : users) {
    check_user(names, user.name);
    check_password(user);
  }
  const auto prepare = [&](db::Connection& connection) {
    std::vector<roles::NewUser> created;
    roles::RoleChange change;
    for (const LoginUser& user : users) {
      created.push_back({user.name, db::encrypt_password(connection, user.name, user.password)});
      change.roles.push_back(user.name);
    }
    change.decide = [created, &memberships](const roles::Cluster& cluster) {
      return roles::decide_add(cluster, created, memberships);
    };
    return change;
  };
  return pgpm::change(target, names, prepare, stop);
}

}  // namespace

const char* role_outcome_name(RoleOutcome outcome) {
  switch (outcome) {
    case RoleOutcome::created:
      return "created";
    case RoleOutcome::altered:
      return "altered";
    case RoleOutcome::unchanged:
      return "unchanged";
    case RoleOutcome::dropped:
      return "dropped";
    case RoleOutcome::absent:
      return "absent";
  }
  return "";
}

const char* grant_outcome_name(GrantOutcome outcome) {
  switch (outcome) {
    case GrantOutcome::granted:
      return "granted";
    case GrantOutcome::unchanged:
      return "unchanged";
    case GrantOutcome::missing:
      return "missing";
  }
  return "";
}

RolesReport bootstrap_roles(const Target& target, const RoleNames& names, ClientRole client,
                            std::stop_token stop) {
  const auto prepare = [&](db::Connection&) {
    roles::RoleChange change;
    change.decide = [&names, client](const roles::Cluster& cluster) {
      return roles::decide_bootstrap(cluster, names, client);
    };
    return change;
  };
  return change(target, names, prepare, stop);
}

RolesReport add_user(const Target& target, const RoleNames& names, const LoginUser& user,
                     std::stop_token stop) {
  return add(target, names, {user},
             {{names.anonymous, user.name}, {names.authenticated, user.name}}, stop);
}

RolesReport add_test_users(const Target& target, const RoleSettings& settings,
                           std::stop_token stop) {
  const RoleNames& names = settings.names;
  if (settings.app.name == settings.admin.name)
    throw Error(ErrorCode::configuration,
                fmt::format("both users of tests are called \"{}\"", settings.app.name));
  return add(target, names, {settings.app, settings.admin},
             {{names.anonymous, settings.app.name},
              {names.authenticated, settings.app.name},
              {names.anonymous, names.administrator},
              {names.authenticated, names.administrator},
              {names.administrator, settings.admin.name}},
             stop);
}

RolesReport remove_users(const Target& target, const RoleNames& names,
                         const std::vector<std::string>& users, std::stop_token stop) {
  check_role_names(names);
  for (const std::string& user : users) check_user(names, user);
  const auto prepare = [&](db::Connection&) {
    roles::RoleChange change;
    change.roles = users;
    change.decide = [&users](const roles::Cluster& cluster) {
      return roles::decide_remove(cluster, users);
    };
    return change;
  };
  return change(target, names, prepare, stop);
}

}  // namespace pgpm
