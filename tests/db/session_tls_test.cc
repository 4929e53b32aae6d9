// How session projects log in: TLS in every mode, client certificates and passwords, in each form a
// connection can be written in.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "engine/db/connection.h"
#include "tests/support/own_server.h"
#include "tests/support/process.h"
#include "tests/support/temp_workspace.h"
#include "tests/support/test_server.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

/// A certificate for localhost and nowhere else, one for the role `certified`, and one of the same
/// name by somebody nobody trusts.
const char* const certificates = R"(
authority() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.crt"; }
signed() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -CA "$2.crt" -CAkey "$2.key" -subj "/CN=$3" $4 -keyout "$1.key" -out "$1.crt"; }
exec > openssl.log 2>&1
authority trusted
authority stranger
signed server trusted localhost "-addext subjectAltName=DNS:localhost"
signed client trusted certified
signed forged stranger certified
chmod 600 *.key
)";

OwnServerOptions with_tls() {
  if (access("/usr/bin/openssl", X_OK) != 0) skip_all("openssl is not installed");
  OwnServerOptions options;
  options.prepare = certificates;
  for (const char* setting : {"ssl=on", "ssl_cert_file=../server.crt", "ssl_key_file=../server.key",
                              "ssl_ca_file=../trusted.crt", "password_encryption=scram-sha-256"})
    options.settings.emplace_back(setting);
  options.rules =
      "hostnossl all plain 127.0.0.1/32 trust\n"
      "hostssl all encrypted 127.0.0.1/32 trust\n"
      "hostssl all certified 127.0.0.1/32 cert\n"
      "host all keeper 127.0.0.1/32 scram-sha-256\n";
  return options;
}

class LoginServer : public OwnServer {
 public:
  LoginServer() : OwnServer(with_tls()) {
    db::Connection::open(target()).exec(
        "CREATE ROLE plain LOGIN; CREATE ROLE encrypted LOGIN; CREATE ROLE certified LOGIN; CREATE "
        "ROLE keeper LOGIN PASSWORD 'right; ''word'''");
  }
  std::string file(const std::string& name) const { return (dir() / name).string(); }
};

/// What is to be said of a connection; "" = nothing.
struct Login {
  std::string user = {}, host = "localhost", mode = {}, root = {}, certificate = {}, key = {},
              password = {};
};

using Words = std::vector<std::string>;
using Environment = std::map<std::string, std::optional<std::string>>;

Words as_options(const LoginServer& server, const Login& login) {
  Words words{"--host=" + login.host, "--port=" + std::to_string(server.port()),
              "--username=" + login.user, "--database=postgres"};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) words.push_back(name + value);
  };
  add("--sslmode=", login.mode);
  add("--sslrootcert=", login.root);
  add("--sslcert=", login.certificate);
  add("--sslkey=", login.key);
  return words;
}

std::string percent_encoded(const std::string& text) {
  std::string all;
  for (const char c : text) {
    const std::string plain = "/.-_";
    const bool is_plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || plain.find(c) != std::string::npos;
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
    all += is_plain ? std::string(1, c) : std::string(code);
  }
  return all;
}

Words as_uri(const LoginServer& server, const Login& login) {
  std::string uri = "postgresql://" + login.user;
  if (!login.password.empty()) uri += ":" + percent_encoded(login.password);
  uri += "@" + login.host + ":" + std::to_string(server.port()) + "/postgres?application_name=x";
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) uri += name + value;
  };
  add("&sslmode=", login.mode);
  add("&sslrootcert=", login.root);
  add("&sslcert=", login.certificate);
  add("&sslkey=", login.key);
  return {"--connection", uri};
}

Words as_ado(const LoginServer& server, const Login& login) {
  std::string text = "Host=" + login.host + ";Port=" + std::to_string(server.port()) +
                     ";Database=postgres;User Id=" + login.user;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += ";" + std::string(name) + value;
  };
  add("SSL Mode=", login.mode == "verify-full" ? "VerifyFull" : login.mode);
  add("Root Certificate=", login.root);
  add("SSL Certificate=", login.certificate);
  add("SSL Key=", login.key);
  if (!login.password.empty()) add("Password=", '"' + login.password + '"');
  return {"--connection", text};
}

class Deploys {
 public:
  ProcessResult run(const Words& words, const Environment& environment = {}) const {
    ProcessOptions options;
    options.command = {std::getenv("PGPM_TEST_BINARY"), "session", "deploy"};
    options.command.insert(options.command.end(), words.begin(), words.end());
    options.dir = tree_.root();
    options.environment = environment;
    ProcessResult result = run_process(options);
    result.err += result.out;
    return result;
  }
  TempWorkspace& tree() { return tree_; }

 private:
  TempWorkspace tree_{std::initializer_list<TempWorkspace::File>{
      {"deploy.sql",
       "DO $$ BEGIN RAISE NOTICE '% % %', session_user, CASE WHEN (SELECT ssl FROM pg_stat_ssl "
       "WHERE pid = pg_backend_pid()) THEN 'encrypted' ELSE 'open' END, "
       "current_setting('application_name'); END $$;"}}};
};

bool says(const ProcessResult& result, const std::string& text) {
  return result.err.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("each sslmode is what it says, in every form of a connection") {
  const LoginServer server;
  const Deploys deploys;
  const std::string root = server.file("trusted.crt"), other = server.file("stranger.crt");
  struct Row {
    Login login;
    std::string expected;  // said by deploy.sql; "" = no connection
  };
  const std::vector<Row> rows{
      {{"encrypted", "localhost", "verify-full", root}, "encrypted"},
      {{"encrypted", "127.0.0.1", "verify-full", root}, ""},
      {{"encrypted", "127.0.0.1", "verify-ca", root}, "encrypted"},
      {{"encrypted", "localhost", "verify-full", other}, ""},
      {{"encrypted", "localhost", "verify-ca", other}, ""},
      {{"encrypted", "127.0.0.1", "require"}, "encrypted"},
      {{"encrypted", "127.0.0.1", "prefer"}, "encrypted"},
      {{"encrypted", "127.0.0.1"}, "encrypted"},
      {{"encrypted", "127.0.0.1", "allow"}, "encrypted"},
      {{"encrypted", "127.0.0.1", "disable"}, ""},
      {{"plain", "127.0.0.1", "disable"}, "open"},
      {{"plain", "127.0.0.1", "allow"}, "open"},
      {{"plain", "127.0.0.1", "require"}, ""},
      {{"plain", "127.0.0.1", "prefer"}, "open"},
  };
  for (const auto form : {as_options, as_uri, as_ado})
    for (const Row& row : rows) {
      const ProcessResult result = deploys.run(form(server, row.login));
      CAPTURE(form(server, row.login), result.err);
      CHECK(result.exit_status == (row.expected.empty() ? 11 : 0));
      if (!row.expected.empty()) CHECK(says(result, row.login.user + " " + row.expected));
    }
}

TEST_CASE("a client certificate logs in, another's or none does not") {
  const LoginServer server;
  const Deploys deploys;
  Login login{"certified", "localhost", "verify-full", server.file("trusted.crt")};
  login.certificate = server.file("client.crt");
  login.key = server.file("client.key");
  Login none = login, forged = login, no_key = login;
  none.certificate = none.key = "";
  forged.certificate = server.file("forged.crt");
  forged.key = server.file("forged.key");
  no_key.key = server.file("forged.key");
  for (const auto form : {as_options, as_uri, as_ado}) {
    const ProcessResult result = deploys.run(form(server, login));
    INFO(result.err);
    CHECK(result.exit_status == 0);
    CHECK(says(result, "certified encrypted"));
    for (const Login& bad : {none, forged, no_key}) {
      const ProcessResult refused = deploys.run(form(server, bad));
      INFO(refused.err);
      CHECK(refused.exit_status == 11);
      CHECK_FALSE(says(refused, "connecting once more"));
    }
  }
}

TEST_CASE("a password is that of the connection string, the variable or the command") {
  const LoginServer server;
  const Deploys deploys;
  const std::string word = "right; 'word'";
  Login login{"keeper", "127.0.0.1", "require"};
  Login right = login, wrong = login;
  right.password = word;
  wrong.password = "wrong; 'word'";
  for (const auto form : {as_uri, as_ado}) {
    const ProcessResult result = deploys.run(form(server, right));
    INFO(result.err);
    CHECK(result.exit_status == 0);
    CHECK(says(result, "keeper encrypted"));
    const ProcessResult refused = deploys.run(form(server, wrong));
    INFO(refused.err);
    CHECK(refused.exit_status == 11);
    CHECK_FALSE(says(refused, "wrong; 'word'"));
    CHECK_FALSE(says(refused, percent_encoded("wrong; 'word'")));
  }
  CHECK(deploys.run(as_options(server, login), {{"PGPASSWORD", word}}).exit_status == 0);
  CHECK(deploys.run(as_options(server, login)).exit_status == 11);
  for (const auto form : {as_options, as_uri, as_ado}) {
    Words words = form(server, login);
    words.push_back("--password-command=printf %s \"$WORD\"");
    CHECK(deploys.run(words, {{"WORD", word}}).exit_status == 0);
    const ProcessResult refused = deploys.run(words, {{"WORD", "hunter2-hunter2"}});
    CHECK(refused.exit_status == 11);
    CHECK_FALSE(says(refused, "hunter2"));
  }
}

TEST_CASE("options win over variables, and they over pgmi.yaml") {
  const LoginServer server;
  Deploys deploys;
  const std::string root = server.file("trusted.crt"), other = server.file("stranger.crt");
  const Words place{"--host=localhost", "--port=" + std::to_string(server.port()),
                    "--username=encrypted", "--database=postgres"};
  const auto with = [&](Words words) {
    words.insert(words.end(), place.begin(), place.end());
    return words;
  };
  const Environment trusting{{"PGSSLMODE", "verify-full"}, {"PGSSLROOTCERT", root}};
  const Environment elsewhere{{"PGSSLMODE", "verify-full"}, {"PGSSLROOTCERT", other}};
  CHECK(deploys.run(place, trusting).exit_status == 0);
  CHECK(deploys.run(place, elsewhere).exit_status == 11);
  CHECK(deploys.run(with({"--sslrootcert=" + root}), elsewhere).exit_status == 0);
  CHECK(deploys.run(with({"--sslmode=require"}), {{"PGSSLMODE", "disable"}}).exit_status == 0);
  CHECK(deploys.run(with({"--sslmode=disable"}), {{"PGSSLMODE", "require"}}).exit_status == 11);

  deploys.tree().write("pgmi.yaml",
                       "connection:\n  host: localhost\n  port: " + std::to_string(server.port()) +
                           "\n  username: encrypted\n  database: postgres\n  sslmode: "
                           "verify-full\n  sslrootcert: " +
                           root + "\n");
  CHECK(deploys.run({}).exit_status == 0);
  CHECK(deploys.run({"--host=127.0.0.1"}).exit_status == 11);
  CHECK(deploys.run({}, {{"PGHOST", "127.0.0.1"}}).exit_status == 11);
  CHECK(deploys.run({"--host=localhost"}, {{"PGHOST", "127.0.0.1"}}).exit_status == 0);
  CHECK(deploys.run({"--username=plain"}).exit_status == 11);
  CHECK(deploys.run({}, {{"PGUSER", "plain"}}).exit_status == 11);
  CHECK(deploys.run({"-U", "encrypted"}, {{"PGUSER", "plain"}}).exit_status == 0);
  CHECK(deploys.run({}, {{"PGPORT", "1"}}).exit_status == 11);
  CHECK(deploys.run({"-p", std::to_string(server.port())}, {{"PGPORT", "1"}}).exit_status == 0);
  CHECK(deploys.run({}, {{"PGSSLMODE", "disable"}}).exit_status == 11);
  CHECK(deploys.run({}, {{"PGSSLROOTCERT", other}}).exit_status == 11);
  CHECK(deploys.run({"--sslrootcert=" + other}).exit_status == 11);
  const ProcessResult elsewhere_database = deploys.run({"-d", "nowhere", "--existing-database"});
  CHECK(elsewhere_database.exit_status == 11);
  CHECK(says(elsewhere_database, "nowhere"));
}
