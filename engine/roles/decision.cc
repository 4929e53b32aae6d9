#include "engine/roles/decision.h"

#include <fmt/format.h>

#include "engine/sql/quote.h"

namespace pgpm::roles {

namespace {

using sql::quote_identifier;

constexpr const char* client_timeout = "15s";

struct AttributeName {
  bool Attributes::*value;
  const char *on, *off;
};

constexpr AttributeName attribute_names[] = {
    {&Attributes::createdb, "CREATEDB", "NOCREATEDB"},
    {&Attributes::superuser, "SUPERUSER", "NOSUPERUSER"},
    {&Attributes::createrole, "CREATEROLE", "NOCREATEROLE"},
    {&Attributes::login, "LOGIN", "NOLOGIN"},
    {&Attributes::replication, "REPLICATION", "NOREPLICATION"},
    {&Attributes::bypassrls, "BYPASSRLS", "NOBYPASSRLS"},
};

std::vector<std::string> all_of(const Attributes& wanted) {
  std::vector<std::string> words;
  for (const AttributeName& name : attribute_names)
    words.emplace_back(wanted.*name.value ? name.on : name.off);
  return words;
}

std::vector<std::string> differing(const Attributes& wanted, const Attributes& there) {
  std::vector<std::string> words;
  for (const AttributeName& name : attribute_names)
    if (wanted.*name.value != there.*name.value)
      words.emplace_back(wanted.*name.value ? name.on : name.off);
  return words;
}

void add_role(Decision& decision, const std::string& name, const Attributes& wanted) {
  RoleResult result{name, RoleOutcome::created, all_of(wanted), wanted.login};
  decision.statements.push_back(
      {fmt::format("CREATE ROLE {} {}", quote_identifier(name), fmt::join(result.set, " ")),
       "creating role " + name});
  decision.report.roles.push_back(std::move(result));
}

void alter_role(Decision& decision, const std::string& name, const Role& there,
                const Attributes& wanted) {
  RoleResult result{name, RoleOutcome::unchanged, differing(wanted, there.attributes),
                    wanted.login};
  if (!result.set.empty()) {
    if (there.is_protected)
      throw Error(ErrorCode::refused,
                  fmt::format("role {} is who you are connected as, or the server's first "
                              "superuser: it is not made a standard role",
                              name))
          .hint(
              "Connect as another role, or choose another name in \"db\".\"roles\" of pgpm.json.");
    result.outcome = RoleOutcome::altered;
    decision.statements.push_back(
        {fmt::format("ALTER ROLE {} {}", quote_identifier(name), fmt::join(result.set, " ")),
         "altering role " + name});
  }
  decision.report.roles.push_back(std::move(result));
}

void want_role(Decision& decision, const Cluster& cluster, const std::string& name,
               const Attributes& wanted) {
  const auto there = cluster.roles.find(name);
  if (there == cluster.roles.end())
    add_role(decision, name, wanted);
  else
    alter_role(decision, name, there->second, wanted);
}

/// The limit of the role that was wanted last.
void want_timeout(Decision& decision, const Cluster& cluster, const char* timeout) {
  RoleResult& result = decision.report.roles.back();
  const auto there = cluster.roles.find(result.role);
  if (there != cluster.roles.end() && there->second.statement_timeout == timeout) return;
  if (result.outcome == RoleOutcome::unchanged) result.outcome = RoleOutcome::altered;
  result.set.push_back(fmt::format("statement_timeout={}", timeout));
  decision.statements.push_back(
      {fmt::format("ALTER ROLE {} SET statement_timeout = {}", quote_identifier(result.role),
                   sql::quote_literal(timeout)),
       "setting the statement_timeout of role " + result.role});
}

bool will_exist(const Decision& decision, const Cluster& cluster, const std::string& name) {
  for (const RoleResult& result : decision.report.roles)
    if (result.role == name) return true;
  return cluster.roles.contains(name);
}

void want_membership(Decision& decision, const Cluster& cluster, const Membership& wanted) {
  GrantResult result{wanted.role, wanted.member, GrantOutcome::granted};
  if (!will_exist(decision, cluster, wanted.role) || !will_exist(decision, cluster, wanted.member))
    result.outcome = GrantOutcome::missing;
  else if (cluster.memberships.contains(wanted))
    result.outcome = GrantOutcome::unchanged;
  else
    decision.statements.push_back({fmt::format("GRANT {} TO {}", quote_identifier(wanted.role),
                                               quote_identifier(wanted.member)),
                                   fmt::format("granting {} to {}", wanted.role, wanted.member)});
  decision.report.grants.push_back(std::move(result));
}

}  // namespace

Decision decide_bootstrap(const Cluster& cluster, const RoleNames& names, ClientRole client) {
  Attributes nothing, bypassing;
  bypassing.bypassrls = true;
  Decision decision;
  want_role(decision, cluster, names.anonymous, nothing);
  want_role(decision, cluster, names.authenticated, nothing);
  want_role(decision, cluster, names.administrator, bypassing);
  if (client == ClientRole::leave) return decision;
  want_role(decision, cluster, names.client, nothing);
  want_timeout(decision, cluster, client_timeout);
  want_membership(decision, cluster, {names.authenticated, names.client});
  return decision;
}

Decision decide_add(const Cluster& cluster, const std::vector<NewUser>& users,
                    const std::vector<Membership>& memberships) {
  Decision decision;
  for (const NewUser& user : users) {
    const auto there = cluster.roles.find(user.name);
    if (there != cluster.roles.end()) {
      decision.report.roles.push_back(
          {user.name, RoleOutcome::unchanged, {}, there->second.attributes.login});
      continue;
    }
    decision.statements.push_back(
        {fmt::format("CREATE ROLE {} LOGIN PASSWORD {}", quote_identifier(user.name),
                     sql::quote_literal(user.verifier)),
         "creating user " + user.name});
    decision.report.roles.push_back({user.name, RoleOutcome::created, {"LOGIN"}, true});
  }
  for (const Membership& wanted : memberships) want_membership(decision, cluster, wanted);
  return decision;
}

Decision decide_remove(const Cluster& cluster, const std::vector<std::string>& users) {
  Decision decision;
  for (const std::string& user : users) {
    const bool is_there = cluster.roles.contains(user);
    // Dropping a role takes its memberships along.
    if (is_there)
      decision.statements.push_back(
          {"DROP ROLE " + quote_identifier(user), "dropping user " + user});
    decision.report.roles.push_back(
        {user, is_there ? RoleOutcome::dropped : RoleOutcome::absent, {}, false});
  }
  return decision;
}

}  // namespace pgpm::roles
