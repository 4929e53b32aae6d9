// What pgpm.json says about roles, and that what is wrong in it is said without showing passwords.
#include <catch2/catch.hpp>

#include "pgpm/roles.h"
#include "tests/support/temp_workspace.h"

using namespace pgpm;
using pgpm::tests::TempWorkspace;

namespace {

std::vector<std::string> problems(const std::string& manifest) {
  const TempWorkspace tree({{"pgpm.json", manifest}});
  std::vector<std::string> messages;
  try {
    read_role_settings(tree.root());
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::configuration);
    for (const Diagnostic& problem : error.diagnostics()) {
      messages.push_back(problem.message);
      CHECK((problem.message + problem.source_line).find("s3cr3t") == std::string::npos);
    }
  }
  return messages;
}

}  // namespace

TEST_CASE("role names and test users have defaults") {
  for (const char* manifest : {"{}", R"({"packages": [], "db": {"prefix": "x"}})"}) {
    const TempWorkspace tree({{"pgpm.json", manifest}});
    const RoleSettings settings = read_role_settings(tree.root());
    CHECK(settings.names.anonymous == "anonymous");
    CHECK(settings.names.authenticated == "authenticated");
    CHECK(settings.names.administrator == "administrator");
    CHECK(settings.names.client == "authenticated_client");
    CHECK(settings.app.name == "app_user");
    CHECK(settings.app.password.reveal() == "app_password");
    CHECK(settings.admin.name == "app_admin");
    CHECK(settings.admin.password.reveal() == "admin_password");
  }
}

TEST_CASE("pgpm.json names them otherwise, from any folder below it") {
  const TempWorkspace tree({{"pgpm.json",
                             R"({"db": {"roles": {"anonymous": "a", "authenticatedClient": "c"},
                   "connections": {"app": {"user": "u", "password": "p"}, "admin": {"user": "v"}}}})"},
                            {"packages/app/pgpm.plan", "%project=app\n"}});
  for (const char* start : {"", "packages/app"}) {
    const RoleSettings settings = read_role_settings(tree.path(start));
    CHECK(settings.names.anonymous == "a");
    CHECK(settings.names.authenticated == "authenticated");
    CHECK(settings.names.client == "c");
    CHECK(settings.app.name == "u");
    CHECK(settings.app.password.reveal() == "p");
    CHECK(settings.admin.name == "v");
    CHECK(settings.admin.password.reveal() == "admin_password");
  }
}

TEST_CASE("outside of a workspace the defaults hold") {
  const TempWorkspace tree;
  CHECK(read_role_settings(tree.root()).names.anonymous == "anonymous");
}

TEST_CASE("everything wrong with the role settings is said at once") {
  CHECK(problems(R"({"db": {"roles": {"anonymous": 5, "administrator": ""},
                            "connections": {"app": {"password": ["s3cr3t"]}, "admin": "s3cr3t"}}})") ==
        std::vector<std::string>{"\"db.roles.anonymous\" must be a text that is not empty",
                                 "\"db.roles.administrator\" must be a text that is not empty",
                                 "\"db.connections.app.password\" must be a text that is not empty",
                                 "\"db.connections.admin\" must be an object"});
  CHECK(problems(R"({"db": 1})") == std::vector<std::string>{"\"db\" must be an object"});
  CHECK(problems(R"({"password": "s3cr3t" "s3cr3t"})") ==
        std::vector<std::string>{"this is no JSON"});
  CHECK(problems("[]") == std::vector<std::string>{"the file must hold a JSON object"});
}
