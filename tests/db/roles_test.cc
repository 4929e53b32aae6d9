// The standard roles and their users. Roles outlive databases: every test has names of its own and
// drops what it made.
#include "pgpm/roles.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "engine/roles/role_change.h"
#include "engine/sql/quote.h"
#include "tests/support/login_role.h"
#include "tests/support/onlooker.h"
#include "tests/support/process.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"
#include "tests/support/workshop.h"

namespace pgpm::tests {
namespace {

/// Names nobody else has; dropped at the end.
class RoleSet {
 public:
  RoleSet() {
    static std::atomic<int> made{0};
    const std::string mine = fmt::format("pgpm_t{}_{}", getpid(), ++made);
    settings.names = {mine + "_anon", mine + "_Auth \"x\"", mine + "_admin", mine + "_client"};
    settings.app = {mine + "_app", Secret("app-s3cr3t")};
    settings.admin = {mine + "_boss", Secret("boss-s3cr3t")};
    user = {mine + "_user", Secret("user-s3cr3t")};
  }
  ~RoleSet() {
    try {
      db::Connection server = db::Connection::open(test_server());
      for (const std::string& name :
           {user.name, settings.app.name, settings.admin.name, names().client, names().anonymous,
            names().authenticated, names().administrator})
        server.exec("DROP ROLE IF EXISTS " + sql::quote_identifier(name));
    } catch (const std::exception& error) {
      std::fprintf(stderr, "test roles were not dropped: %s\n", error.what());
    }
  }
  RoleSet(const RoleSet&) = delete;
  RoleSet& operator=(const RoleSet&) = delete;

  const RoleNames& names() const { return settings.names; }

  RoleSettings settings;
  LoginUser user;
};

/// "absent", or the words of the attributes that are on, and the role's settings.
std::string attributes(TestDatabase& database, const std::string& role) {
  const std::string text = database.query_text(fmt::format(
      "SELECT concat_ws(' ', CASE WHEN rolcreatedb THEN 'createdb' END, CASE WHEN rolsuper THEN "
      "'super' END, CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolcanlogin THEN "
      "'login' END, CASE WHEN rolreplication THEN 'replication' END, CASE WHEN rolbypassrls THEN "
      "'bypassrls' END, array_to_string(rolconfig, ' '), '.') FROM pg_roles WHERE rolname = {}",
      sql::quote_literal(role)));
  return text.empty() ? "absent" : text;
}

/// The roles a role is a member of, without the set's prefix.
std::string memberships(TestDatabase& database, const std::string& member) {
  return database.query_text(fmt::format(
      "SELECT coalesce(string_agg(DISTINCT regexp_replace(r.rolname, '^pgpm_t\\d+_\\d+_', "
      "''), ',' ORDER BY regexp_replace(r.rolname, '^pgpm_t\\d+_\\d+_', '')), '') "
      "FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m "
      "ON m.oid = a.member WHERE m.rolname = {}",
      sql::quote_literal(member)));
}

std::string verifier(TestDatabase& database, const std::string& role) {
  return database.query_text(fmt::format("SELECT rolpassword FROM pg_authid WHERE rolname = {}",
                                         sql::quote_literal(role)));
}

std::string outcomes(const RolesReport& report) {
  std::string text;
  for (const RoleResult& role : report.roles)
    text += (text.empty() ? "" : " ") + std::string(role_outcome_name(role.outcome));
  for (const GrantResult& grant : report.grants)
    text += std::string(" ") + grant_outcome_name(grant.outcome);
  return text;
}

/// Runs it on so many threads at once; what each threw.
std::vector<std::string> at_once(int threads, const std::function<void(int)>& call) {
  std::vector<std::string> failures(static_cast<std::size_t>(threads));
  std::atomic<int> ready{0};
  std::vector<std::jthread> running;
  for (int i = 0; i < threads; ++i)
    running.emplace_back([&, i] {
      ++ready;
      while (ready < threads) std::this_thread::yield();
      try {
        call(i);
      } catch (const std::exception& error) {
        failures[static_cast<std::size_t>(i)] = error.what();
      }
    });
  running.clear();
  return failures;
}

}  // namespace

TEST_CASE("bootstrap makes the roles as documented, once", "[roles]") {
  TestDatabase database;
  RoleSet set;
  const RoleNames& names = set.names();
  CHECK(outcomes(bootstrap_roles(database.target(), names, ClientRole::leave, {})) ==
        "created created created");
  CHECK(attributes(database, names.anonymous) == ".");
  CHECK(attributes(database, names.authenticated) == ".");
  CHECK(attributes(database, names.administrator) == "bypassrls .");
  CHECK(attributes(database, names.client) == "absent");
  CHECK(memberships(database, names.administrator).empty());
  CHECK(outcomes(bootstrap_roles(database.target(), names, ClientRole::leave, {})) ==
        "unchanged unchanged unchanged");

  CHECK(outcomes(bootstrap_roles(database.target(), names, ClientRole::create, {})) ==
        "unchanged unchanged unchanged created granted");
  CHECK(attributes(database, names.client) == "statement_timeout=15s .");
  CHECK(memberships(database, names.client) == "Auth \"x\"");
  CHECK(outcomes(bootstrap_roles(database.target(), names, ClientRole::create, {})) ==
        "unchanged unchanged unchanged unchanged unchanged");
}

TEST_CASE("bootstrap sets existing roles right", "[roles]") {
  TestDatabase database;
  RoleSet set;
  const RoleNames& names = set.names();
  database.exec(fmt::format(
      "CREATE ROLE {} CREATEDB SUPERUSER CREATEROLE LOGIN REPLICATION BYPASSRLS; CREATE ROLE {}; "
      "CREATE ROLE {}; ALTER ROLE {} SET statement_timeout = '1h'",
      names.anonymous, names.administrator, names.client, names.client));
  const RolesReport report = bootstrap_roles(database.target(), names, ClientRole::create, {});
  CHECK(outcomes(report) == "altered created altered altered granted");
  CHECK(report.roles[2].set == std::vector<std::string>{"BYPASSRLS"});
  CHECK(report.roles[3].set == std::vector<std::string>{"statement_timeout=15s"});
  CHECK(attributes(database, names.anonymous) == ".");
  CHECK(attributes(database, names.administrator) == "bypassrls .");
  CHECK(attributes(database, names.client) == "statement_timeout=15s .");
}

TEST_CASE("a user is added with the memberships and removed without a trace", "[roles]") {
  TestDatabase database;
  RoleSet set;
  bootstrap_roles(database.target(), set.names(), ClientRole::leave, {});
  CHECK(outcomes(add_user(database.target(), set.names(), set.user, {})) ==
        "created granted granted");
  CHECK(attributes(database, set.user.name) == "login .");
  CHECK(memberships(database, set.user.name) == "Auth \"x\",anon");
  const std::string first = verifier(database, set.user.name);
  CHECK(first.starts_with("SCRAM-SHA-256$4096:"));

  database.exec(fmt::format("REVOKE {} FROM {}", set.names().anonymous, set.user.name));
  set.user.password = Secret("another");
  CHECK(outcomes(add_user(database.target(), set.names(), set.user, {})) ==
        "unchanged granted unchanged");
  CHECK(verifier(database, set.user.name) == first);

  const std::vector<std::string> gone{set.user.name};
  CHECK(outcomes(remove_users(database.target(), set.names(), gone, {})) == "dropped");
  CHECK(attributes(database, set.user.name) == "absent");
  CHECK(outcomes(remove_users(database.target(), set.names(), gone, {})) == "absent");
}

TEST_CASE("the users of tests act as documented", "[roles]") {
  TestDatabase database;
  RoleSet set;
  bootstrap_roles(database.target(), set.names(), ClientRole::leave, {});
  CHECK(outcomes(add_test_users(database.target(), set.settings, {})) ==
        "created created granted granted granted granted granted");
  CHECK(memberships(database, set.settings.app.name) == "Auth \"x\",anon");
  CHECK(memberships(database, set.settings.admin.name) == "admin");
  CHECK(memberships(database, set.names().administrator) == "Auth \"x\",anon");
  CHECK(outcomes(add_test_users(database.target(), set.settings, {})) ==
        "unchanged unchanged unchanged unchanged unchanged unchanged unchanged");
  remove_users(database.target(), set.names(), {set.settings.app.name, set.settings.admin.name},
               {});
  CHECK(attributes(database, set.settings.app.name) == "absent");
  CHECK(memberships(database, set.names().administrator) == "Auth \"x\",anon");
}

TEST_CASE("roles that are missing are told, and the user is made", "[roles]") {
  TestDatabase database;
  RoleSet set;
  CHECK(outcomes(add_user(database.target(), set.names(), set.user, {})) ==
        "created missing missing");
  CHECK(attributes(database, set.user.name) == "login .");
}

TEST_CASE("eight at once, in two databases, all succeed", "[roles]") {
  TestDatabase one, two;
  RoleSet set;
  const auto target = [&](int i) { return i % 2 == 0 ? one.target() : two.target(); };
  const std::vector<std::string> none(8);
  const std::vector<std::string> users{set.user.name};
  for (int round = 0; round < 4; ++round) {
    CHECK(at_once(8, [&](int i) {
            bootstrap_roles(target(i), set.names(), ClientRole::create, {});
          }) == none);
    CHECK(attributes(one, set.names().administrator) == "bypassrls .");
    CHECK(attributes(one, set.names().client) == "statement_timeout=15s .");
    CHECK(at_once(8, [&](int i) { add_user(target(i), set.names(), set.user, {}); }) == none);
    CHECK(memberships(one, set.user.name) == "Auth \"x\",anon");
    CHECK(at_once(8, [&](int i) { remove_users(target(i), set.names(), users, {}); }) == none);
    CHECK(attributes(one, set.user.name) == "absent");
    one.exec(fmt::format("ALTER ROLE {} LOGIN; ALTER ROLE {} NOBYPASSRLS; DROP ROLE {}",
                         set.names().anonymous, set.names().administrator, set.names().client));
  }
}

TEST_CASE("no statement shows the password", "[roles]") {
  TestDatabase database;
  RoleSet set;
  bootstrap_roles(database.target(), set.names(), ClientRole::leave, {});
  // Our CREATE ROLE waits for this one to end, so that there is time to look at it.
  db::Connection other = database.connect();
  other.exec("BEGIN; CREATE ROLE " + set.user.name);
  std::string seen;
  RolesReport report;
  std::string end;
  SECTION("and the user is made when the other gives up") {
    end = "ROLLBACK";
  }
  SECTION("and the other's user is taken when it was faster") {
    end = "COMMIT";
  }
  Onlooker onlooker(
      database, "query LIKE 'CREATE ROLE%' AND wait_event_type = 'Lock'",
      [&](db::Connection& connection, int pid) {
        seen =
            connection.exec(fmt::format("SELECT query FROM pg_stat_activity WHERE pid = {}", pid))
                .str(0, 0);
        other.exec(end);
      });
  report = add_user(database.target(), set.names(), set.user, {});
  onlooker.join();
  CHECK(seen.find("PASSWORD 'SCRAM-SHA-256$4096:") != std::string::npos);
  CHECK(seen.find(set.user.password.reveal()) == std::string::npos);
  CHECK(outcomes(report) ==
        (end == "COMMIT" ? "unchanged granted granted" : "created granted granted"));
}

TEST_CASE("a role that somebody else alters meanwhile is set right all the same", "[roles]") {
  TestDatabase database;
  RoleSet set;
  bootstrap_roles(database.target(), set.names(), ClientRole::leave, {});
  database.exec(fmt::format("ALTER ROLE {} LOGIN", set.names().anonymous));
  db::Connection other = database.connect();
  other.exec(fmt::format("BEGIN; ALTER ROLE {} CREATEDB", set.names().anonymous));
  Onlooker onlooker(database, "query LIKE 'ALTER ROLE%' AND wait_event_type = 'Lock'",
                    [&](db::Connection&, int) { other.exec("COMMIT"); });
  const RolesReport report = bootstrap_roles(database.target(), set.names(), ClientRole::leave, {});
  onlooker.join();
  CHECK(report.roles[0].set == std::vector<std::string>{"NOCREATEDB", "NOLOGIN"});
  CHECK(attributes(database, set.names().anonymous) == ".");
}

TEST_CASE("only what another transaction did is tried again", "[roles]") {
  const auto message = [](const char* state, const char* routine) {
    ServerMessage said;
    said.sqlstate = state;
    said.routine = routine;
    return said;
  };
  CHECK(roles::is_collision(message("23505", "_bt_check_unique")));
  CHECK(roles::is_collision(message("42710", "CreateRole")));
  CHECK(roles::is_collision(message("XX000", "simple_heap_update")));
  CHECK(roles::is_collision(message("XX000", "DropRole")));
  CHECK_FALSE(roles::is_collision(message("XX000", "elsewhere")));
  CHECK_FALSE(roles::is_collision(message("42501", "CreateRole")));
  CHECK_FALSE(roles::is_collision(message("0LP01", "AddRoleMems")));
}

TEST_CASE("a missing right is named, and nothing is left behind", "[roles]") {
  RoleSet set;
  LoginRole login;
  TestDatabase database;
  Target target = database.target();
  target.user = login.name();
  const Error without =
      error_of([&] { bootstrap_roles(target, set.names(), ClientRole::leave, {}); });
  CHECK(without.code() == ErrorCode::sql);
  CHECK(without.server()->sqlstate == "42501");
  CHECK(std::string(without.what()).find("CREATEROLE") != std::string::npos);
  CHECK(without.hint().find("ALTER ROLE " + login.name() + " CREATEROLE") != std::string::npos);

  database.exec(fmt::format("ALTER ROLE {} CREATEROLE", login.name()));
  const Error more = error_of([&] { bootstrap_roles(target, set.names(), ClientRole::leave, {}); });
  CHECK(more.server()->sqlstate == "42501");
  CHECK(more.context() == std::vector<std::string>{"creating role " + set.names().administrator});
  CHECK(attributes(database, set.names().anonymous) == "absent");

  // Nothing to change takes no right at all.
  bootstrap_roles(database.target(), set.names(), ClientRole::create, {});
  database.exec(fmt::format("ALTER ROLE {} NOCREATEROLE", login.name()));
  CHECK_NOTHROW(bootstrap_roles(target, set.names(), ClientRole::create, {}));
}

TEST_CASE("one's own role is not made a standard role", "[roles]") {
  LoginRole login;
  RoleSet set;
  TestDatabase database;
  database.exec(fmt::format("ALTER ROLE {} SUPERUSER", login.name()));
  Target target = database.target();
  target.user = login.name();
  RoleNames names = set.names();
  names.authenticated = login.name();
  CHECK(error_of([&] { bootstrap_roles(target, names, ClientRole::leave, {}); }).code() ==
        ErrorCode::refused);
  CHECK(attributes(database, login.name()) == "super login .");
  CHECK(attributes(database, names.anonymous) == "absent");
}

TEST_CASE("a user who owns something is not removed", "[roles]") {
  RoleSet set;
  TestDatabase database;
  add_user(database.target(), set.names(), set.user, {});
  database.exec(fmt::format("CREATE TABLE t (); ALTER TABLE t OWNER TO {}", set.user.name));
  const Error error =
      error_of([&] { remove_users(database.target(), set.names(), {set.user.name}, {}); });
  CHECK(error.code() == ErrorCode::refused);
  CHECK(error.server()->detail.find("table t") != std::string::npos);
  CHECK(attributes(database, set.user.name) == "login .");
  const Error standard =
      error_of([&] { remove_users(database.target(), set.names(), {set.names().anonymous}, {}); });
  CHECK(standard.code() == ErrorCode::refused);
  database.exec("DROP TABLE t");
}

TEST_CASE("names no role can have are refused before anything is done", "[roles]") {
  Target nowhere;
  nowhere.host = "/nonexistent";
  for (const std::string& name :
       {std::string(), std::string("pg_x"), std::string("public"), std::string("none"),
        std::string(64, 'x'), std::string("a\0b", 3)}) {
    CAPTURE(name);
    RoleNames names;
    names.authenticated = name;
    CHECK(error_of([&] { bootstrap_roles(nowhere, names, ClientRole::leave, {}); }).code() ==
          ErrorCode::configuration);
    CHECK(error_of([&] {
            add_user(nowhere, {}, {name, Secret("x")}, {});
          }).code() == ErrorCode::usage);
    CHECK(error_of([&] { remove_users(nowhere, {}, {name}, {}); }).code() == ErrorCode::usage);
  }
  CHECK(error_of([&] {
          add_user(nowhere, {}, {"alice", Secret()}, {});
        }).code() == ErrorCode::usage);
  CHECK(error_of([&] {
          add_user(nowhere, {}, {"alice", Secret(std::string("a\0b", 3))}, {});
        }).code() == ErrorCode::usage);
}

TEST_CASE("a database that is not there yet does not matter, a stop request does", "[roles]") {
  TestDatabase database;
  RoleSet set;
  CHECK(outcomes(bootstrap_roles(database.target().with_database("pgpm_no_such_database"),
                                 set.names(), ClientRole::leave, {})) == "created created created");
  std::stop_source stop;
  stop.request_stop();
  CHECK(error_of([&] {
          bootstrap_roles(database.target(), set.names(), ClientRole::leave, stop.get_token());
        }).code() == ErrorCode::interrupted);
}

TEST_CASE("a password typed on a terminal is not shown", "[roles]") {
  TestDatabase database;
  RoleSet set;
  const std::string again = GENERATE("typed-s3cr3t", "mistyped-s3cr3t");
  CAPTURE(again);
  db::Connection& connection = database.connection();
  ProcessOptions options;
  options.command = {std::getenv("PGPM_TEST_BINARY"), "admin-users", "add", set.user.name};
  options.terminal = true;
  options.keep_open = true;
  options.environment = {{"PGHOST", connection.host()},
                         {"PGPORT", connection.exec("SHOW port").str(0, 0)},
                         {"PGUSER", connection.user()},
                         {"PGDATABASE", database.name()},
                         {"PGPM_USER_PASSWORD", std::nullopt}};
  Process process(options);
  REQUIRE(process.wait_for("[y/N]"));
  process.type("y\n");
  REQUIRE(process.wait_for("Password for " + set.user.name + ": "));
  process.type("typed-s3cr3t\n");
  REQUIRE(process.wait_for("Once more: "));
  process.type(again + "\n");
  const ProcessResult& result = process.wait();
  CHECK(result.out.find("s3cr3t") == std::string::npos);
  const bool is_same = again == "typed-s3cr3t";
  CHECK(result.exit_status == (is_same ? 0 : 2));
  CHECK(attributes(database, set.user.name) == (is_same ? "login ." : "absent"));
}

}  // namespace pgpm::tests
