#include <algorithm>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/module_choice.h"
#include "cli/process.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/doctor.h"
#include "pgpm/local_server.h"

namespace pgpm::cli {

namespace {

using Status = HealthCheck::Status;

std::string first_line(std::string text) {
  return text.substr(0, text.find('\n'));
}

struct Tool {
  const char* program;
  const char* what_for;
};
constexpr Tool tools[] = {
    {"psql", "pgpm local psql"},
    {"pg_dump", "pgpm dump and pgpm import"},
    {"git", "authorship of plan lines, init --repo"},
    {"npm", "pgpm install from a registry"},
    {"docker", "pgpm docker"},
};

HealthCheck tool_check(const Tool& tool) {
  const auto version = output_of({tool.program, "--version"});
  if (version) return {tool.program, Status::ok, first_line(*version), {}};
  return {tool.program, Status::warning, "is not installed",
          fmt::format("needed by: {}", tool.what_for)};
}

HealthCheck server_programs_check() {
  const auto dir = find_server_binaries();
  if (dir) return {"server programs", Status::ok, dir->string(), {}};
  return {"server programs", Status::warning, "initdb and postgres are not installed",
          "needed by: --local, test-packages and prove without a named server"};
}

HealthCheck workspace_problem(const Error& error) {
  return {"workspace", Status::warning, error.what(), error.hint()};
}

std::vector<HealthCheck> examine(Invocation& invocation) {
  std::vector<HealthCheck> checks{{"pgpm", Status::ok, PGPM_VERSION, {}}};
  for (const Tool& tool : tools) checks.push_back(tool_check(tool));
  checks.push_back(server_programs_check());
  try {
    for (HealthCheck& found : examine_workspace(load_workspace_of(invocation)))
      checks.push_back(std::move(found));
  } catch (const Error& error) {
    checks.push_back(workspace_problem(error));
  }
  if (invocation.arguments.is_on("offline")) return checks;
  for (HealthCheck& found : examine_database(target_of(invocation), invocation.stop))
    checks.push_back(std::move(found));
  return checks;
}

std::string painted(Status status, const Style& style) {
  const std::string text = pad(health_status_name(status), 8);
  if (status == Status::ok) return style.green(text);
  return status == Status::warning ? style.yellow(text) : style.red(text);
}

std::size_t number_of(const std::vector<HealthCheck>& checks, Status status) {
  return static_cast<std::size_t>(
      std::count_if(checks.begin(), checks.end(),
                    [status](const HealthCheck& check) { return check.status == status; }));
}

std::string text_of(const std::vector<HealthCheck>& checks, const Style& style) {
  std::string text;
  for (const HealthCheck& check : checks) {
    text += fmt::format("{} {}  {}\n", painted(check.status, style), pad(check.name, 20),
                        printable(check.message));
    if (!check.remedy.empty())
      text += fmt::format("{}{}\n", std::string(31, ' '), style.dim(printable(check.remedy)));
  }
  return text + fmt::format("{} failed, {}.\n", number_of(checks, Status::failed),
                            count(number_of(checks, Status::warning), "warning"));
}

Json json_of(const std::vector<HealthCheck>& checks) {
  Json list = Json::array();
  for (const HealthCheck& check : checks) {
    Json json{{"name", check.name},
              {"status", health_status_name(check.status)},
              {"message", check.message}};
    if (!check.remedy.empty()) json["remedy"] = check.remedy;
    list.push_back(std::move(json));
  }
  return Json{{"checks", list},
              {"failed", number_of(checks, Status::failed)},
              {"warnings", number_of(checks, Status::warning)}};
}

int run_doctor(Invocation& invocation) {
  const std::vector<HealthCheck> checks = examine(invocation);
  Answer answer;
  answer.text = text_of(checks, invocation.terminal.out);
  const Json document = json_of(checks);
  for (const Json& check : document["checks"]) answer.lines.push_back(dump_line(check));
  answer.document = dump_document(document);
  invocation.reports.answer(answer);
  return number_of(checks, Status::failed) > 0 ? 1 : 0;
}

}  // namespace

Command doctor_command() {
  Command command;
  command.group = "Environment";
  command.summary = "look whether everything is there that pgpm needs";
  command.description =
      "Programs that some commands start, the workspace's files, and the database: connection, "
      "server version, whether it takes writes, the ledger and the role's rights on it, changes "
      "that were interrupted, and who holds the run lock. Nothing is written. Exits with 1 if a "
      "check failed; a warning is something that only some commands need.";
  command.options = with_connection({
      {"offline", 0, OptionKind::flag, "", "leave the database out"},
  });
  command.examples = {{"pgpm doctor --database shop", "with the rights in that database"},
                      {"pgpm doctor --offline --format json", "for a program, without a database"}};
  command.run = run_doctor;
  return command;
}

}  // namespace pgpm::cli
