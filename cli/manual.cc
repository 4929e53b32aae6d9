#include "cli/manual.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/help.h"

namespace pgpm::cli {

namespace {

using Json = nlohmann::ordered_json;

/// Text that roff shows as it is: no escapes, no requests at the start of a line, plain hyphens and
/// quotes.
std::string roff(const std::string& text) {
  std::string safe;
  bool is_line_start = true;
  for (const char c : text) {
    if (is_line_start && (c == '.' || c == '\'')) safe += "\\&";
    is_line_start = c == '\n';
    switch (c) {
      case '\\':
        safe += "\\e";
        break;
      case '-':
        safe += "\\-";
        break;
      case '\'':
        safe += "\\(aq";
        break;
      case '`':
        safe += "\\(ga";
        break;
      case '^':
        safe += "\\(ha";
        break;
      case '~':
        safe += "\\(ti";
        break;
      case '"':
        safe += "\\(dq";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string roff_paragraphs(const std::string& text) {
  std::string page;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find("\n\n", from), text.size());
    page += ".PP\n" + roff(text.substr(from, end - from)) + "\n";
    from = end + 2;
  }
  return page;
}

std::string roff_options(const std::vector<Option>& options) {
  std::string page;
  for (const Option& option : options) {
    std::string description = option.description;
    if (!option.choices.empty())
      description += fmt::format(": {}", fmt::join(option.choices, ", "));
    page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(option_heading(option)), roff(description));
  }
  return page;
}

std::string roff_command(const Command& command) {
  std::string page = fmt::format(".SS {}\n\\fB{}\\fR\n.PP\n{}.\n", roff("pgpm " + command.name),
                                 roff(synopsis(command)), roff(command.summary));
  page += roff_paragraphs(command.description);
  page += roff_options(command.options);
  page += ".PP\nExamples:\n";
  for (const Example& example : command.examples)
    page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(example.line), roff(example.explanation));
  return page;
}

const char* kind_name(OptionKind kind) {
  switch (kind) {
    case OptionKind::flag:
      return "flag";
    case OptionKind::flag_on:
      return "flag_on";
    case OptionKind::value:
      return "value";
    case OptionKind::many_values:
      return "many_values";
  }
  return "";
}

Json to_json(const Option& option) {
  Json json{
      {"name", option.name}, {"kind", kind_name(option.kind)}, {"description", option.description}};
  if (option.letter != 0) json["letter"] = std::string(1, option.letter);
  if (!option.value.empty()) json["value"] = option.value;
  if (!option.aliases.empty()) json["aliases"] = option.aliases;
  if (!option.choices.empty()) json["choices"] = option.choices;
  if (!option.no_value.empty()) json["no_value"] = option.no_value;
  return json;
}

Json to_json(const std::vector<Option>& options) {
  Json list = Json::array();
  for (const Option& option : options) list.push_back(to_json(option));
  return list;
}

Json to_json(const Command& command) {
  Json positionals = Json::array(), examples = Json::array();
  for (const Positional& positional : command.positionals)
    positionals.push_back({{"name", positional.name},
                           {"required", positional.count == Positional::Count::required},
                           {"repeated", positional.count == Positional::Count::any},
                           {"description", positional.description}});
  for (const Example& example : command.examples)
    examples.push_back({{"line", example.line}, {"explanation", example.explanation}});
  return Json{{"name", command.name},          {"aliases", command.aliases},
              {"group", command.group},        {"summary", command.summary},
              {"synopsis", synopsis(command)}, {"description", command.description},
              {"arguments", positionals},      {"options", to_json(command.options)},
              {"examples", examples}};
}

constexpr const char* files_and_variables = R"(.SH FILES
.TP
\fBpgpm.json\fR
marks a workspace and says where its modules are
.TP
\fBpgpm.plan\fR, \fINAME\fB.control\fR
make a directory a module
.TP
\fB~/.pgpass\fR, \fB~/.pg_service.conf\fR
passwords and services, as for every libpq program
.SH ENVIRONMENT
.TP
\fBPGHOST\fR, \fBPGPORT\fR, \fBPGUSER\fR, \fBPGDATABASE\fR, \fBPGSERVICE\fR, \fBPGPASSFILE\fR, ...
as for every libpq program
.TP
\fBPGPM_DATABASE_URL\fR, \fBDATABASE_URL\fR
the connection, if nothing else names a host, service or database
.TP
\fBPGPM_PLANNER_NAME\fR, \fBPGPM_PLANNER_EMAIL\fR
who writes plan lines, where git does not know
.TP
\fBPGPM_FROZEN_TIME\fR
the time written into plan lines
.TP
\fBPGPM_EXTENSIONS_DIR\fR
where a workspace keeps installed modules
.TP
\fBNO_COLOR\fR, \fBTERM\fR=dumb
no colours
.TP
\fBXDG_STATE_HOME\fR
where the private server of \-\-local lives
)";

}  // namespace

std::string manual_page() {
  std::string page = fmt::format(
      ".TH PGPM 1 \"\" \"pgpm {}\" \"User Commands\"\n.nh\n.ad l\n.SH NAME\n"
      "pgpm \\- deploys, verifies and reverts PostgreSQL changes by plan\n"
      ".SH SYNOPSIS\n\\fBpgpm\\fR \\fICOMMAND\\fR [\\fIMODULE\\fR...] [\\fIoptions\\fR]\n.SH "
      "COMMANDS\n",
      PGPM_VERSION);
  for (const Command& command : command_table()) page += roff_command(command);
  page += ".SH OPTIONS OF EVERY COMMAND\n" + roff_options(global_options());
  page += ".SH EXIT STATUS\n";
  for (const ExitCode& code : exit_codes())
    page +=
        fmt::format(".TP\n\\fB{}\\fR\n{} ({})\n", code.status, roff(code.meaning), roff(code.name));
  return page + files_and_variables;
}

std::string help_json() {
  Json commands = Json::array(), codes = Json::array();
  for (const Command& command : command_table()) commands.push_back(to_json(command));
  for (const ExitCode& code : exit_codes())
    codes.push_back({{"status", code.status}, {"name", code.name}, {"meaning", code.meaning}});
  const Json document{{"version", PGPM_VERSION},
                      {"global_options", to_json(global_options())},
                      {"commands", commands},
                      {"exit_codes", codes}};
  return document.dump(2) + "\n";
}

std::string commands_markdown() {
  std::string text = "| command | what it does |\n|---|---|\n";
  for (const Command& command : command_table())
    text += fmt::format("| `pgpm {}` | {} |\n", command.name, command.summary);
  return text;
}

std::string exit_codes_markdown() {
  std::string text = "| status | name | meaning |\n|---|---|---|\n";
  for (const ExitCode& code : exit_codes())
    text += fmt::format("| {} | `{}` | {} |\n", code.status, code.name, code.meaning);
  return text;
}

}  // namespace pgpm::cli
