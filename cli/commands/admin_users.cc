// `pgpm admin-users bootstrap|add|remove`: the server's standard roles and the users who act as
// them. In add and remove --username is the user in question, as upstream has it; who to connect as
// is then -U or --connect-as.
#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "cli/sqitch_target.h"
#include "cli/user_password.h"
#include "pgpm/roles.h"

namespace pgpm::cli {

namespace {

// --- the options ---

/// The settings of pgpm.json; the variables that name the users of tests win over it.
RoleSettings settings_of(const Invocation& invocation) {
  RoleSettings settings = read_role_settings(invocation.dir);
  const auto overlay = [&](const std::string& prefix, LoginUser& user) {
    const std::string name = invocation.environment.get((prefix + "_USER").c_str());
    const std::string password = invocation.environment.get((prefix + "_PASSWORD").c_str());
    if (!name.empty()) user.name = name;
    if (!password.empty()) user.password = Secret(password);
  };
  overlay("DB_CONNECTIONS_APP", settings.app);
  overlay("DB_CONNECTIONS_ADMIN", settings.admin);
  return settings;
}

/// As target_of(), where --username means somebody else.
Target target_beside_user(const Invocation& invocation) {
  Arguments connection;
  for (const char* name : {"database", "host", "port", "dsn", "target", "local"})
    if (const auto value = invocation.arguments.given(name)) connection.add(name, *value);
  if (const auto role = invocation.arguments.given("connect-as")) connection.add("username", *role);
  return choose_target_in(invocation.dir, connection, invocation.environment,
                          "pgpm " + invocation.command.name);
}

std::vector<Option> with_user_options(std::vector<Option> own) {
  own.push_back(
      {"username", 0, OptionKind::value, "NAME", "the user, as if it were given as an argument"});
  own.push_back({"test", 0, OptionKind::flag, "", "the two users of tests instead"});
  for (Option& option : connection_options()) {
    if (option.name == "username") {
      option.name = "connect-as";
      option.aliases = {};
    }
    own.push_back(std::move(option));
  }
  return own;
}

/// The user named; "" means --test.
std::string user_of(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const bool is_argument = !arguments.positionals.empty();
  const auto option = arguments.given("username");
  if (is_argument && option)
    throw Error(ErrorCode::usage, "the user is named twice: as an argument and with --username")
        .hint("The role to connect as is given with -U or --connect-as.");
  const bool is_named = is_argument || option;
  if (is_named == arguments.is_on("test"))
    throw Error(ErrorCode::usage,
                is_named ? "--test names its users itself" : "which user? Give a NAME, or --test")
        .hint(fmt::format("`pgpm help {}` shows what it accepts.", invocation.command.name));
  if (!is_named) return {};
  std::string name = is_argument ? arguments.positionals[0] : *option;
  if (name.empty()) throw Error(ErrorCode::usage, "the user's name is empty");
  return name;
}

void require_consent(Invocation& invocation, const std::string& question) {
  if (invocation.arguments.is_on("yes") ||
      confirm(invocation.err, printable(question), invocation.stop))
    return;
  throw Error(ErrorCode::approval, "not approved").leaving("nothing was changed");
}

// --- the answer ---

Json json_of(const RoleResult& result) {
  Json json{{"role", result.role}, {"outcome", role_outcome_name(result.outcome)}};
  if (!result.set.empty()) json["set"] = result.set;
  return json;
}

Json json_of(const GrantResult& result) {
  return Json{{"role", result.role},
              {"member", result.member},
              {"outcome", grant_outcome_name(result.outcome)}};
}

std::string mark_of(RoleOutcome outcome, const Style& style) {
  switch (outcome) {
    case RoleOutcome::created:
      return style.green("+");
    case RoleOutcome::altered:
      return style.yellow("~");
    case RoleOutcome::dropped:
      return style.red("-");
    case RoleOutcome::unchanged:
    case RoleOutcome::absent:
      break;
  }
  return "=";
}

std::string line_of(const RoleResult& result, const Style& style) {
  std::string text = fmt::format("  {} {}  {}", mark_of(result.outcome, style),
                                 printable(result.role), role_outcome_name(result.outcome));
  if (!result.set.empty()) text += fmt::format(": {}", fmt::join(result.set, " "));
  return text + "\n";
}

std::string line_of(const GrantResult& result, const Style& style) {
  if (result.outcome == GrantOutcome::missing) return {};
  const bool is_new = result.outcome == GrantOutcome::granted;
  return fmt::format("  {} {}  {} of {}\n", is_new ? style.green("+") : std::string("="),
                     printable(result.member), is_new ? "is now a member" : "was a member",
                     printable(result.role));
}

void warn(Invocation& invocation, std::string message, std::string hint) {
  Diagnostic diagnostic;
  diagnostic.severity = Severity::warning;
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  invocation.reports.on_event(WarningRaised{{}, {}, std::move(diagnostic)});
}

/// What upstream says as notices: memberships that could not be given.
void warn_of_missing(Invocation& invocation, const RolesReport& report) {
  for (const GrantResult& grant : report.grants)
    if (grant.outcome == GrantOutcome::missing)
      warn(invocation,
           fmt::format("{} could not be granted to {}: one of them does not exist", grant.role,
                       grant.member),
           "Run `pgpm admin-users bootstrap --yes`, then this command again.");
}

void answer(Invocation& invocation, const RolesReport& report, const std::string& sentence) {
  Answer answer;
  Json roles = Json::array(), grants = Json::array();
  for (const RoleResult& result : report.roles) {
    answer.text += line_of(result, invocation.terminal.out);
    roles.push_back(json_of(result));
    answer.lines.push_back(dump_line(roles.back()));
  }
  for (const GrantResult& result : report.grants) {
    answer.text += line_of(result, invocation.terminal.out);
    grants.push_back(json_of(result));
    answer.lines.push_back(dump_line(grants.back()));
  }
  answer.text += sentence + "\n";
  answer.document = dump_document(Json{{"roles", roles}, {"grants", grants}});
  invocation.reports.answer(answer);
}

// --- the commands ---

int bootstrap(Invocation& invocation) {
  require_yes_or_terminal(invocation, "creating roles");
  const RoleNames names = settings_of(invocation).names;
  const bool wants_client = invocation.arguments.is_on("client");
  require_consent(invocation,
                  fmt::format("Create the roles {}, {}{} {}{} on the server, or set them right?",
                              names.anonymous, names.authenticated, wants_client ? "," : " and",
                              names.administrator, wants_client ? " and " + names.client : ""));
  const RolesReport report =
      bootstrap_roles(target_of(invocation), names,
                      wants_client ? ClientRole::create : ClientRole::leave, invocation.stop);
  answer(invocation, report, "The standard roles are ready.");
  return 0;
}

void warn_of_existing(Invocation& invocation, const RolesReport& report) {
  for (const RoleResult& user : report.roles) {
    if (user.outcome != RoleOutcome::unchanged) continue;
    warn(invocation, fmt::format("user {} was there already: its password stays", user.role), {});
    if (!user.can_log_in)
      warn(invocation, fmt::format("{} cannot log in", user.role),
           "ALTER ROLE ... LOGIN lets it, if that is what you want.");
  }
}

int add(Invocation& invocation) {
  require_yes_or_terminal(invocation, "adding users");
  RoleSettings settings = settings_of(invocation);
  const std::string name = user_of(invocation);
  const bool is_test = name.empty();
  if (is_test && invocation.arguments.given("password-file"))
    throw Error(ErrorCode::usage, "--test and --password-file contradict each other")
        .hint("The users of tests get theirs from pgpm.json or DB_CONNECTIONS_* variables.");
  require_consent(invocation, is_test ? fmt::format("Add the users {} and {} to the server?",
                                                    settings.app.name, settings.admin.name)
                                      : fmt::format("Add the user {} to the server?", name));
  RolesReport report;
  if (is_test) {
    report = add_test_users(target_beside_user(invocation), settings, invocation.stop);
  } else {
    const LoginUser user{name, user_password(invocation, name)};
    report = add_user(target_beside_user(invocation), settings.names, user, invocation.stop);
  }
  warn_of_existing(invocation, report);
  warn_of_missing(invocation, report);
  answer(invocation, report, is_test ? "The users of tests are ready." : "The user is ready.");
  return 0;
}

int remove(Invocation& invocation) {
  require_yes_or_terminal(invocation, "removing users");
  const RoleSettings settings = settings_of(invocation);
  const std::string name = user_of(invocation);
  const std::vector<std::string> users =
      name.empty() ? std::vector{settings.app.name, settings.admin.name} : std::vector{name};
  require_consent(invocation, fmt::format("Remove {} from the server?", fmt::join(users, " and ")));
  const RolesReport report =
      remove_users(target_beside_user(invocation), settings.names, users, invocation.stop);
  answer(invocation, report, users.size() > 1 ? "The users are gone." : "The user is gone.");
  return 0;
}

Command admin_users(const char* summary, const char* description, int (*run)(Invocation&)) {
  Command command;
  command.group = "Server";
  command.summary = summary;
  command.description = description;
  command.run = run;
  return command;
}

}  // namespace

Command admin_users_bootstrap_command() {
  Command command = admin_users(
      "create the standard roles, or set them right",
      "The roles anonymous, authenticated and administrator, which many modules grant rights to. "
      "None of them may log in, create databases or roles, replicate, or is a superuser; the "
      "administrator bypasses row level security. Roles belong to the whole server. Run again, it "
      "changes nothing; run by many at once, it works for all of them.\n\n"
      "\"db\": {\"roles\": {\"anonymous\": ..., \"authenticated\": ..., \"administrator\": ..., "
      "\"authenticatedClient\": ...}} in pgpm.json gives them other names.\n\n"
      "On a terminal it asks; elsewhere it needs --yes. To make a role that bypasses row level "
      "security takes a superuser.",
      bootstrap);
  command.options = with_connection({
      {"client", 0, OptionKind::flag, "",
       "also authenticated_client: a member of authenticated, with 15 s for a statement"},
  });
  command.examples = {
      {"pgpm admin-users bootstrap --yes", "before the first deploy to a server"},
      {"pgpm admin-users bootstrap --client --local", "on the private server, with the client"},
  };
  return command;
}

Command admin_users_add_command() {
  Command command = admin_users(
      "add a user who may act as anonymous and authenticated",
      "Creates a role that may log in and makes it a member of anonymous and authenticated. One "
      "that exists keeps its password and gets the memberships it lacks.\n\n"
      "The password is asked for on the terminal, or comes from --password-file or the variable "
      "PGPM_USER_PASSWORD; there is no option for it, because every user of a machine can read "
      "command lines. The server gets a SCRAM-SHA-256 verifier, so that no log can show it "
      "either.\n\n"
      "--test adds app_user, who may act as anonymous and authenticated, and app_admin, who may "
      "act as administrator, who then may act as both. Their names and passwords are "
      "\"db\": {\"connections\": {\"app\": {\"user\": ..., \"password\": ...}, \"admin\": ...}} of "
      "pgpm.json, or the variables DB_CONNECTIONS_APP_USER, DB_CONNECTIONS_APP_PASSWORD, "
      "DB_CONNECTIONS_ADMIN_USER and DB_CONNECTIONS_ADMIN_PASSWORD; the defaults are known to "
      "everybody, so they are for tests only.",
      add);
  command.positionals = {{"NAME", Positional::Count::optional, "the user"}};
  command.options = with_user_options({
      {"password-file", 0, OptionKind::value, "FILE", "its first line is the password"},
  });
  command.examples = {
      {"pgpm admin-users add alice", "asks for the password"},
      {"pgpm admin-users add alice --password-file secret.txt --yes", "asks nothing"},
      {"pgpm admin-users add --test --yes -U postgres", "the users of tests, as postgres"},
  };
  return command;
}

Command admin_users_remove_command() {
  Command command = admin_users(
      "remove a user",
      "Takes the user's memberships away and drops it. A user who owns something, or is granted "
      "something, in a database is refused, and so are the standard roles. One that is not there "
      "is no error.",
      remove);
  command.positionals = {{"NAME", Positional::Count::optional, "the user"}};
  command.options = with_user_options({});
  command.examples = {
      {"pgpm admin-users remove alice", "after asking"},
      {"pgpm admin-users remove --test --yes", "the users of tests, without asking"},
  };
  return command;
}

}  // namespace pgpm::cli
