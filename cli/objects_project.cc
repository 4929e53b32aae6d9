#include "cli/objects_project.h"

#include <filesystem>

#include "cli/connection_options.h"
#include "cli/duration.h"
#include "cli/run_options.h"

namespace pgpm::cli {

namespace {

std::string directory_of(const Invocation& invocation, const char* option,
                         const std::string& from_settings) {
  const auto given = invocation.arguments.given(option);
  if (!given) return from_settings;
  return (invocation.dir / *given).lexically_normal().string();
}

bool names_a_place(const Arguments& arguments) {
  for (const char* option : {"database", "host", "dsn"})
    if (arguments.given(option)) return true;
  return arguments.is_on("local");
}

}  // namespace

std::vector<Option> with_object_files(std::vector<Option> own) {
  own.push_back({"migrations-dir",
                 0,
                 OptionKind::value,
                 "DIR",
                 "migrations: SQL files that run once each, in order of their names",
                 {"migrationsDir"}});
  own.push_back({"code-dir",
                 0,
                 OptionKind::value,
                 "DIR",
                 "declarations: SQL files, in folders as you like",
                 {"codeDir"}});
  return own;
}

std::vector<Option> with_object_connection(std::vector<Option> own) {
  for (Option& option : connection_options()) {
    if (option.name == "dsn") option.aliases.push_back("connection-string");
    own.push_back(std::move(option));
  }
  return own;
}

std::vector<Option> with_object_run(std::vector<Option> own) {
  std::vector<Option> options = with_object_files(std::move(own));
  options.push_back({"on-drift",
                     0,
                     OptionKind::value,
                     "WHAT",
                     "objects that somebody else changed in the database (default overwrite)",
                     {},
                     {"error", "overwrite", "keep"}});
  options.push_back({"unmanaged",
                     0,
                     OptionKind::value,
                     "WHAT",
                     "objects of others that need one that has to be dropped (default restore)",
                     {},
                     {"restore", "refuse"}});
  options.push_back({"check-plpgsql", 0, OptionKind::flag, "",
                     "look at PL/pgSQL bodies by the extension plpgsql_check; an error stops all"});
  options.push_back({"lock-timeout", 0, OptionKind::value, "TIME",
                     "give up when a lock is not there after this long"});
  options.push_back(
      {"statement-timeout", 0, OptionKind::value, "TIME", "the server's limit for one statement"});
  return with_object_connection(std::move(options));
}

Option object_lock_wait() {
  return {"lock-wait", 0, OptionKind::value, "TIME",
          "wait for another run to end (default 60s, 0 = do not wait)"};
}

std::vector<Option> with_object_apply(std::vector<Option> own) {
  own.push_back(object_lock_wait());
  own.push_back({"notify", 0, OptionKind::flag, "",
                 "tell other sessions by NOTIFY: pgmg.apply_initiated, pgmg.apply_succeeded or "
                 "pgmg.apply_failed, pgmg.object_loaded"});
  return with_object_run(std::move(own));
}

ObjectOptions object_options_of(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const ObjectSettings settings = read_object_settings(invocation.dir.string());
  ObjectOptions options;
  options.files.migrations_dir =
      directory_of(invocation, "migrations-dir", settings.files.migrations_dir);
  options.files.code_dir = directory_of(invocation, "code-dir", settings.files.code_dir);
  if (options.files == ObjectFiles{})
    throw Error(ErrorCode::usage, "which files? Neither --migrations-dir nor --code-dir is given")
        .hint("Name them, or write migrations_dir and code_dir into pgmg.toml.");
  const std::string drift = arguments.value("on-drift");
  if (drift == "error") options.on_drift = OnDrift::error;
  if (drift == "keep") options.on_drift = OnDrift::keep;
  if (arguments.value("unmanaged") == "refuse") options.on_unmanaged = OnUnmanaged::refuse;
  options.lock_timeout = server_duration("lock-timeout", arguments.value("lock-timeout"));
  options.statement_timeout =
      server_duration("statement-timeout", arguments.value("statement-timeout"));
  options.checks_plpgsql = settings.checks_plpgsql || arguments.is_on("check-plpgsql");
  options.notifies = settings.notifies || arguments.is_on("notify");
  if (arguments.given("lock-wait"))
    options.lock_wait = duration_option("lock-wait", arguments.value("lock-wait"));
  return options;
}

Target object_target_of(const Invocation& invocation) {
  if (names_a_place(invocation.arguments)) return target_of(invocation);
  const ObjectSettings settings = read_object_settings(invocation.dir.string());
  if (settings.connection.empty()) return target_of(invocation);
  Target target;
  target.dsn = settings.connection;
  target.port = invocation.arguments.value("port");
  target.user = invocation.arguments.value("username");
  target.application = "pgpm " + invocation.command.name;
  return target;
}

}  // namespace pgpm::cli
