#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "cli/commands/commands.h"
#include "cli/render/json_values.h"
#include "cli/session_options.h"
#include "cli/terminal.h"
#include "engine/text/file.h"

namespace pgpm::cli {

namespace {

struct Question {
  const char* key;
  const char* words;
  const char* usual;
};

constexpr Question questions[] = {
    {"host", "Server", "localhost"}, {"port", "Port", "5432"},          {"username", "Role", ""},
    {"database", "Database", ""},    {"sslmode", "TLS mode", "prefer"},
};

/// What the person answers; what is there already, or usual, if nothing.
std::string answer_to(Invocation& invocation, const Question& question,
                      const SessionSettings& settings) {
  const auto known = settings.connection.find(question.key);
  const std::string usual = known == settings.connection.end() ? question.usual : known->second;
  const std::string shown = usual.empty() ? "" : fmt::format(" [{}]", usual);
  const std::optional<std::string> answer =
      ask(invocation.err, fmt::format("{}{}: ", question.words, shown), invocation.stop);
  if (!answer) throw Error(ErrorCode::approval, "cancelled").leaving("nothing was written");
  return answer->empty() ? usual : *answer;
}

int run_session_config(Invocation& invocation) {
  if (!invocation.terminal.can_ask)
    throw Error(ErrorCode::approval, "there is nobody to ask: this is no terminal")
        .hint("write pgmi.yaml by hand: connection: {host, port, username, database, sslmode}");
  const std::filesystem::path folder = project_folder(invocation);
  const std::filesystem::path file = folder / "pgmi.yaml";
  const SessionSettings settings = read_session_settings(folder);
  const std::optional<std::string> text = read_regular_file(file);
  YAML::Node root = text ? YAML::Load(*text) : YAML::Node(YAML::NodeType::Map);
  for (const Question& question : questions) {
    const std::string answer = answer_to(invocation, question, settings);
    if (!answer.empty()) root["connection"][question.key] = answer;
  }
  YAML::Emitter out;
  out << root;
  replace_file(file, std::string(out.c_str()) + "\n");
  Answer answer;
  answer.text = fmt::format(
      "Wrote {}. Passwords are not kept there: use .pgpass, PGPASSWORD or "
      "password_command.\n",
      shown_path(file));
  if (invocation.arguments.is_on("quiet")) answer.text.clear();
  answer.document = dump_document(Json{{"file", shown_path(file)}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command session_config_command() {
  Command command;
  command.group = "Session projects";
  command.summary = "ask where a project is deployed to, and write its pgmi.yaml";
  command.description =
      "Asks for server, role and database and keeps the answers in the project's pgmi.yaml; what "
      "else is in it stays, but for its comments. Needs a terminal.";
  command.positionals = {{"PATH", Positional::Count::optional,
                          "the project's folder; default: the working directory"}};
  command.examples = {
      {"pgpm session config ./shop", "for the project in ./shop"},
      {"pgpm session config", "for the one of the working directory"},
  };
  command.run = run_session_config;
  return command;
}

}  // namespace pgpm::cli
