#include "cli/testing_server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <random>

#include "cli/connection_options.h"
#include "cli/run_options.h"
#include "pgpm/error.h"
#include "pgpm/roles.h"

namespace pgpm::cli {

namespace {

bool wants_ephemeral(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (!arguments.is_on("ephemeral"))
    return !arguments.is_on("local") && !names_a_server(arguments, invocation.environment);
  for (const char* option : {"database", "host", "port", "username", "dsn", "local"})
    if (arguments.given(option))
      throw Error(ErrorCode::usage,
                  fmt::format("--ephemeral and --{} contradict each other", option))
          .hint("The ephemeral server is made for this run alone.");
  return true;
}

/// Beside the one of --local, all under one parent, so that one whose owner was killed together
/// with its watcher is removed by the next run.
LocalServerOptions ephemeral_options(const Environment& environment) {
  LocalServerOptions options = local_server_options(environment);
  std::random_device random;
  options.dir =
      options.dir.parent_path() / "ephemeral" / fmt::format("{}-{:08x}", getpid(), random());
  options.durable = false;
  options.ephemeral = true;
  return options;
}

}  // namespace

std::vector<Option> with_testing_server(std::vector<Option> own) {
  own.push_back({"ephemeral", 0, OptionKind::flag, "",
                 "use a private server that is thrown away afterwards (the default if no server is "
                 "named)"});
  own = with_connection(std::move(own));
  std::erase_if(own, [](const Option& option) { return option.name == "target"; });
  for (Option& option : own)
    if (option.name == "database")
      option.description = "database to connect to while scratch databases are made (or a URI)";
  return own;
}

TestingServer::TestingServer(const Invocation& invocation) {
  if (!wants_ephemeral(invocation)) {
    // Not what sqitch.conf says: its target is no place for scratch databases.
    target_ = choose_target(invocation.arguments, invocation.environment,
                            "pgpm " + invocation.command.name);
    return;
  }
  ephemeral_ = ephemeral_options(invocation.environment);
  start_local_server(*ephemeral_);
  target_ = local_server_target(*ephemeral_);
  target_.database = "postgres";
  target_.application = "pgpm " + invocation.command.name;
  try {
    bootstrap_roles(target_, read_role_settings(invocation.dir).names, ClientRole::create,
                    invocation.stop);
  } catch (...) {
    destroy_local_server(*ephemeral_);
    throw;
  }
}

TestingServer::~TestingServer() {
  if (!ephemeral_) return;
  try {
    destroy_local_server(*ephemeral_);
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the watcher removes it with us
  }
}

}  // namespace pgpm::cli
