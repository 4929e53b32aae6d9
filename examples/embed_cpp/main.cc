// embed WORKSPACE: deploys a workspace to a server of its own that vanishes with the program, and
// says what happened. Everything comes from the public headers: verbs are free functions, facts
// arrive as events, failures as one exception.
#include <filesystem>
#include <iostream>
#include <stop_token>

#include "pgpm/deploy.h"
#include "pgpm/local_server.h"
#include "pgpm/status.h"

namespace {

class Narrator final : public pgpm::Observer {
 public:
  void on_event(const pgpm::Event& event) override {
    if (const auto* module = std::get_if<pgpm::ModuleStarted>(&event))
      std::cout << module->module << "\n";
    if (const auto* change = std::get_if<pgpm::ChangeFinished>(&event))
      std::cout << "  " << change->change << (change->verified ? ", verified" : "") << "\n";
  }
};

pgpm::Target throwaway_server(const std::filesystem::path& dir) {
  pgpm::LocalServerOptions options;
  options.dir = dir;
  options.durable = false;
  options.ephemeral = true;
  pgpm::start_local_server(options);
  pgpm::Target target = pgpm::local_server_target(options);
  target.database = "embedded";
  return target;
}

void deploy_and_tell(const char* folder) {
  const pgpm::Workspace workspace = pgpm::load_workspace(folder);
  const pgpm::Target target =
      throwaway_server(std::filesystem::temp_directory_path() / "pgpm-embed" / "server");
  pgpm::DeployOptions options;
  options.create_database = true;
  Narrator narrator;
  pgpm::deploy(workspace, target, options, narrator, std::stop_token{});
  for (const pgpm::ModuleStatus& module :
       pgpm::status(workspace, target, {}, std::stop_token{}).modules)
    std::cout << module.module << ": " << module.deployed << " deployed, " << module.pending.size()
              << " pending\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: embed WORKSPACE\n";
    return 2;
  }
  if (!pgpm::find_server_binaries()) {
    std::cerr << "skipped: no PostgreSQL server programs are installed\n";
    return 77;
  }
  try {
    deploy_and_tell(argv[1]);
    return 0;
  } catch (const pgpm::Error& error) {
    std::cerr << pgpm::error_code_name(error.code()) << ": " << error.what() << "\n";
    for (const pgpm::Diagnostic& problem : error.diagnostics())
      std::cerr << problem.where.to_string() << ": " << problem.message << "\n";
    return 1;
  }
}
