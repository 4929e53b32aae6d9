#include "cli/sqitch_target.h"

#include <map>
#include <optional>

#include <fmt/format.h>

#include "cli/connection_options.h"
#include "pgpm/error.h"

namespace pgpm::cli {

namespace {

namespace fs = std::filesystem;

/// A variable's file, which need not be there, else the usual one.
fs::path file_of(const Environment& environment, const char* variable, const fs::path& dir,
                 const fs::path& usual) {
  const std::string named = environment.get(variable);
  return named.empty() ? usual : dir / named;
}

/// named_target() makes a dsn of what is one.
bool gives_connection_string(const Arguments& arguments) {
  return arguments.is_on("local") ||
         !named_target(arguments, Environment(std::map<std::string, std::string>()), "")
              .dsn.empty();
}

const Module* in_place(const Workspace& workspace) {
  if (!workspace.current) return nullptr;
  const Module& module = workspace.modules[*workspace.current];
  return module.layout.is_sqitch_project ? &module : nullptr;
}

std::string percent_encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return encoded;
}

/// The password wins over one in the URI.
Secret with_password(const Secret& uri, const std::string& password) {
  if (password.empty()) return uri;
  std::string text = uri.empty() ? "postgresql://" : uri.reveal();
  text += text.find('?') == text.npos ? '?' : '&';
  return Secret(text + "password=" + percent_encoded(password));
}

}  // namespace

SqitchSources sqitch_sources(const Arguments& arguments, const Environment& environment,
                             const fs::path& dir) {
  const std::string home = environment.get("HOME");
  SqitchSources sources;
  sources.system_file =
      file_of(environment, "SQITCH_SYSTEM_CONFIG", dir, "/etc/sqitch/sqitch.conf");
  sources.user_file =
      file_of(environment, "SQITCH_USER_CONFIG", dir,
              home.empty() ? fs::path() : fs::path(home) / ".sqitch" / "sqitch.conf");
  sources.project_file = file_of(environment, "SQITCH_CONFIG", dir, {});
  sources.target =
      arguments.given("target") ? arguments.value("target") : environment.get("SQITCH_TARGET");
  return sources;
}

Target choose_sqitch_target(const SqitchSettings& settings, const Arguments& arguments,
                            const Environment& environment, std::string application) {
  Target target = choose_target(arguments, environment, std::move(application));
  if (gives_connection_string(arguments)) return target;
  const bool is_elsewhere = settings.database.empty() && !target.dsn.empty();
  if (is_elsewhere) return target;  // PGPM_DATABASE_URL has its own user and password
  target.dsn = with_password(settings.database, environment.get("SQITCH_PASSWORD"));
  if (target.user.empty()) target.user = environment.get("SQITCH_USERNAME");
  return target;
}

Target choose_target_in(const fs::path& dir, const Arguments& arguments,
                        const Environment& environment, std::string application) {
  const bool is_asked = !gives_connection_string(arguments) || arguments.given("target");
  const auto settings =
      is_asked ? sqitch_settings_around(dir, sqitch_sources(arguments, environment, dir))
               : std::nullopt;
  if (settings)
    return choose_sqitch_target(*settings, arguments, environment, std::move(application));
  if (arguments.given("target"))
    throw Error(ErrorCode::usage,
                "--target is for Sqitch projects that are deployed as they stand, and this is none")
        .hint("name the database with --database or --dsn");
  return choose_target(arguments, environment, std::move(application));
}

Person sqitch_user(const Invocation& invocation) {
  const auto settings = sqitch_settings_around(
      invocation.dir, sqitch_sources(invocation.arguments, invocation.environment, invocation.dir));
  if (!settings) return {};
  Person user{invocation.environment.get("SQITCH_FULLNAME"),
              invocation.environment.get("SQITCH_EMAIL")};
  if (user.name.empty()) user.name = settings->user_name;
  if (user.email.empty()) user.email = settings->user_email;
  return user;
}

void read_sqitch_deploy(const Invocation& invocation, const Workspace& workspace,
                        DeployOptions& options) {
  const Module* module = in_place(workspace);
  if (module == nullptr || options.modules != std::vector<std::string>{module->name}) return;
  const auto settings = sqitch_settings_around(
      invocation.dir, sqitch_sources(invocation.arguments, invocation.environment, invocation.dir));
  if (!settings) return;
  if (settings->verify && !invocation.arguments.given("verify")) options.verify = *settings->verify;
  if (settings->mode == "change" && !invocation.arguments.given("tx"))
    options.scope = TransactionScope::change;
}

}  // namespace pgpm::cli
