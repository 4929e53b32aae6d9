// pgmg.toml.
#include <catch2/catch.hpp>

#include "pgpm/objects.h"
#include "tests/support/temp_workspace.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

ObjectSettings settings_of(const std::string& text) {
  TempWorkspace files({{"pgmg.toml", text}});
  return read_object_settings(files.root().string());
}

std::string problems_of(const std::string& text) {
  return messages(error_of([&] { settings_of(text); }));
}

}  // namespace

TEST_CASE("directories are meant from where the file is") {
  TempWorkspace files({{"pgmg.toml",
                        "migrations_dir = \"db/m\"\ncode_dir = \"./sql\"\n"
                        "output_graph = \"g.dot\"\n"}});
  const ObjectSettings settings = read_object_settings(files.root().string());
  CHECK(settings.files.migrations_dir == files.path("db/m").string());
  CHECK(settings.files.code_dir == files.path("sql").string());
  CHECK(settings.output_graph == files.path("g.dot").string());
  CHECK_FALSE(settings.notifies);
  CHECK(read_object_settings(files.path("db").string()).files == ObjectFiles{});
}

TEST_CASE("development mode is news and checks, unless it is said otherwise") {
  CHECK(settings_of("development_mode = true").notifies);
  CHECK(settings_of("development_mode = true").checks_plpgsql);
  CHECK_FALSE(settings_of("development_mode = true\ncheck_plpgsql = false").checks_plpgsql);
  CHECK(settings_of("emit_notify_events = true").notifies);
  CHECK_FALSE(settings_of("emit_notify_events = true").checks_plpgsql);
}

TEST_CASE("what [tls] says joins the connection string, which wins") {
  const auto uri = [](const std::string& connection) {
    return settings_of("connection_string = \"" + connection +
                       "\"\n[tls]\nsslmode = \"verify-full\"\nsslrootcert = \"/a b.pem\"\n")
        .connection.reveal();
  };
  CHECK(uri("postgres://h/d") == "postgres://h/d?sslmode=verify%2Dfull&sslrootcert=%2Fa%20b%2Epem");
  CHECK(uri("postgres://h/d?sslmode=require") ==
        "postgres://h/d?sslmode=require&sslrootcert=%2Fa%20b%2Epem");
}

TEST_CASE("what is wrong with it is an error with its line") {
  CHECK(problems_of("code_dir = 3") == "code_dir has to be a text in quotes\n");
  CHECK(problems_of("check_plpgsql = \"yes\"") == "check_plpgsql has to be true or false\n");
  CHECK(problems_of("codedir = \"x\"") == "there is no setting codedir\n");
  CHECK(problems_of("seed_dir = \"seeds\"") == "seed_dir has no effect here\n");
  CHECK(problems_of("[tls]\nsslmode = \"require\"") ==
        "[tls] is about connection_string, and there is none\n");
  CHECK(problems_of("connection_string = \"postgres:///d\"\n[tls]\nmode = \"x\"") ==
        "there is no setting tls.mode\n");
  const Error error = error_of([] { settings_of("code_dir = [\n"); });
  CHECK(error.code() == ErrorCode::configuration);
  CHECK(error.where()->file.ends_with("pgmg.toml"));
}
