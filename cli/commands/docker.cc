// `pgpm docker start|stop|ls`: one development server in a container, for those who have no
// PostgreSQL installed (who have use --local). Runs the docker program; whoever has podman can call
// it docker.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "cli/commands/commands.h"
#include "cli/process.h"
#include "cli/render/json_values.h"
#include "cli/style.h"
#include "cli/user_password.h"

namespace pgpm::cli {

namespace {

constexpr const char* label = "pgpm.server";

struct Container {
  std::string name, image, status, ports;
  bool running() const { return status.starts_with("Up"); }
};

void require_docker() {
  if (output_of({"docker", "version", "--format", "{{.Server.Version}}"})) return;
  throw Error(ErrorCode::other, "docker does not answer")
      .hint(
          "Install and start Docker (or podman as docker). Without it: `pgpm local start` runs a "
          "private server of this machine's PostgreSQL.");
}

std::vector<Container> containers(const std::string& filter) {
  const auto text = output_of({"docker", "ps", "--all", "--filter", filter, "--format",
                               "{{.Names}}\t{{.Image}}\t{{.Status}}\t{{.Ports}}"});
  if (!text) throw Error(ErrorCode::other, "docker could not list its containers");
  std::vector<Container> found;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    Container container;
    std::istringstream columns(line);
    for (std::string* column :
         {&container.name, &container.image, &container.status, &container.ports})
      std::getline(columns, *column, '\t');
    found.push_back(std::move(container));
  }
  return found;
}

std::optional<Container> find_container(const std::string& name) {
  // Docker takes the filter for a pattern that matches anywhere.
  for (Container& container : containers("name=" + name))
    if (container.name == name) return std::move(container);
  return std::nullopt;
}

std::string value_or(const Invocation& invocation, const char* option, const char* otherwise) {
  const auto given = invocation.arguments.given(option);
  if (!given) return otherwise;
  if (given->empty()) throw Error(ErrorCode::usage, fmt::format("--{} is empty", option));
  return *given;
}

/// Docker's own words go to stderr, since its containers' ids are nobody's answer.
void run_docker(Invocation& invocation, const std::vector<std::string>& words,
                const Variables& variables = {}) {
  std::vector<std::string> all{"docker"};
  all.insert(all.end(), words.begin(), words.end());
  const int status = run_program(all, variables, [](std::string_view) {});
  if (invocation.stop.stop_requested()) throw Error(ErrorCode::interrupted, "interrupted");
  if (status != 0)
    throw Error(ErrorCode::other, fmt::format("docker {} ended with status {}", words[0], status))
        .hint("What docker said stands above.");
}

void answer(Invocation& invocation, const Container& container, const std::string& sentence) {
  Answer answer;
  answer.text = sentence + "\n";
  answer.document = dump_document(Json{{"name", container.name},
                                       {"image", container.image},
                                       {"status", container.status},
                                       {"ports", container.ports}});
  invocation.reports.answer(answer);
}

Secret password(Invocation& invocation, const std::string& user) {
  const bool given = invocation.arguments.given("password-file").has_value() ||
                     invocation.environment.has("PGPM_USER_PASSWORD");
  // Upstream's, for a server that only this machine reaches.
  return given ? user_password(invocation, user) : Secret("password");
}

std::string port_of(const Invocation& invocation) {
  std::string port = value_or(invocation, "port", "5432");
  const bool digits =
      !port.empty() && port.size() <= 5 &&
      std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || std::stoi(port) < 1 || std::stoi(port) > 65535)
    throw Error(ErrorCode::usage, fmt::format("--port {}: is no port (1 to 65535)", port));
  return port;
}

/// `verb`: docker's own, with the options that only it has.
void make(Invocation& invocation, std::vector<std::string> verb, const std::string& name) {
  const std::string user = value_or(invocation, "user", "postgres");
  verb.insert(
      verb.end(),
      {"--name", name, "--label", label, "--shm-size", value_or(invocation, "shm-size", "2g"),
       "--publish", fmt::format("127.0.0.1:{}:5432", port_of(invocation)), "--env", "POSTGRES_USER",
       "--env", "POSTGRES_PASSWORD", value_or(invocation, "image", "postgres:18")});
  run_docker(invocation, verb,
             {{"POSTGRES_USER", Secret(user)}, {"POSTGRES_PASSWORD", password(invocation, user)}});
}

/// The former one goes only once the new one is made, and so its image is there.
void replace(Invocation& invocation, const std::string& name) {
  const std::string fresh = name + "-pgpm-new";
  if (find_container(fresh)) run_docker(invocation, {"rm", "--force", fresh});
  make(invocation, {"create"}, fresh);
  run_docker(invocation, {"rm", "--force", name});
  run_docker(invocation, {"rename", fresh, name});
  run_docker(invocation, {"start", name});
}

int start(Invocation& invocation) {
  const std::string name = value_or(invocation, "name", "postgres");
  port_of(invocation);  // what is wrong is found before docker is asked
  for (const char* option : {"image", "user", "shm-size"}) value_or(invocation, option, "");
  require_docker();
  const std::optional<Container> there = find_container(name);
  const bool recreate = there && invocation.arguments.is_on("recreate");
  if (there && there->running() && !recreate) {
    answer(invocation, *there, fmt::format("The container {} runs already.", name));
    return 0;
  }
  if (recreate)
    replace(invocation, name);
  else if (there)
    run_docker(invocation, {"start", name});
  else
    make(invocation, {"run", "--detach"}, name);
  const std::optional<Container> now = find_container(name);
  if (!now)
    throw Error(ErrorCode::other, fmt::format("the container {} is gone again", name))
        .hint(fmt::format("`docker logs {}` may tell why.", name));
  answer(invocation, *now,
         fmt::format("The container {} runs ({}), on 127.0.0.1 only.", name, now->image));
  return 0;
}

int stop(Invocation& invocation) {
  const std::string name = value_or(invocation, "name", "postgres");
  require_docker();
  std::optional<Container> there = find_container(name);
  if (!there)
    throw Error(ErrorCode::other, fmt::format("there is no container {}", name))
        .hint("`pgpm docker ls` shows those that pgpm started.");
  if (there->running()) run_docker(invocation, {"stop", name});
  answer(invocation, find_container(name).value_or(*there),
         fmt::format("The container {} is stopped; its data are kept.", name));
  return 0;
}

int list(Invocation& invocation) {
  require_docker();
  Answer answer;
  Json all = Json::array();
  for (const Container& container : containers(std::string("label=") + label)) {
    answer.text +=
        fmt::format("  {}  {}  {}  {}\n", printable(container.name), printable(container.image),
                    printable(container.status), printable(container.ports));
    all.push_back(Json{{"name", container.name},
                       {"image", container.image},
                       {"status", container.status},
                       {"ports", container.ports}});
    answer.lines.push_back(dump_line(all.back()));
  }
  if (all.empty()) answer.text = "No container was started by pgpm.\n";
  answer.document = dump_document(Json{{"containers", all}});
  invocation.reports.answer(answer);
  return 0;
}

Command docker(const char* summary, const char* description, int (*run)(Invocation&)) {
  Command command;
  command.group = "Server";
  command.summary = summary;
  command.description = description;
  command.run = run;
  return command;
}

Option name_option() {
  return {"name", 0, OptionKind::value, "NAME", "the container (default: postgres)"};
}

}  // namespace

Command docker_start_command() {
  Command command = docker(
      "start a PostgreSQL server in a container",
      "Creates the container if there is none of that name, or starts it again. Its port is "
      "published to 127.0.0.1 only. The password is the first line of --password-file, else "
      "PGPM_USER_PASSWORD, else \"password\"; it counts when the container is created. --recreate "
      "makes a new one instead of the one that is there, whose data go with it.",
      start);
  command.options = {
      name_option(),
      {"image", 0, OptionKind::value, "IMAGE", "what to run (default: postgres:18)"},
      {"port", 'p', OptionKind::value, "PORT", "port of this machine (default: 5432)"},
      {"user", 'U', OptionKind::value, "NAME", "the superuser (default: postgres)", {"username"}},
      {"password-file", 0, OptionKind::value, "FILE", "its first line is the password"},
      {"shm-size", 0, OptionKind::value, "SIZE", "shared memory (default: 2g)"},
      {"recreate", 0, OptionKind::flag, "",
       "make a new container instead, without the former one's data"}};
  command.examples = {
      {"pgpm docker start", "a server on port 5432"},
      {"pgpm docker start --image postgis/postgis:17-3.5 --port 5433 --name gis", "another one"}};
  return command;
}

Command docker_stop_command() {
  Command command =
      docker("stop the server in the container", "The container and its data are kept.", stop);
  command.options = {name_option()};
  command.examples = {{"pgpm docker stop", "the usual one"},
                      {"pgpm docker stop --name gis", "another one"}};
  return command;
}

Command docker_ls_command() {
  Command command = docker("list the containers that pgpm started",
                           "Name, image, status and ports of each, running or not.", list);
  command.examples = {{"pgpm docker ls", "for people"},
                      {"pgpm docker ls --format json", "for a program"}};
  return command;
}

}  // namespace pgpm::cli
