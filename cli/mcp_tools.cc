#include "cli/mcp_tools.h"

#include <fmt/format.h>

#include <algorithm>

#include "pgpm/error.h"

namespace pgpm::cli {

namespace {

using Json = nlohmann::ordered_json;
using Kind = ToolArgument::Kind;

std::vector<ToolArgument> with_connection(std::vector<ToolArgument> own) {
  own.push_back({"database", Kind::text, "database to act on", "--database"});
  own.push_back({"host", Kind::text, "server's host name or socket directory", "--host"});
  own.push_back({"port", Kind::text, "server's port", "--port"});
  own.push_back({"username", Kind::text, "role to connect as", "--username"});
  return own;
}

std::vector<ToolArgument> with_modules(std::vector<ToolArgument> own) {
  own.push_back({"directory", Kind::text, "the workspace's or module's folder", "--cwd"});
  own.push_back({"modules", Kind::list, "modules by name; default: that of the folder", ""});
  return own;
}

std::vector<ToolArgument> of_session(std::vector<ToolArgument> own) {
  own.push_back({"path", Kind::text, "the project's folder, which holds deploy.sql", ""});
  own.push_back({"params", Kind::map, "parameters for deploy.sql to read", "PGPM_PARAMETERS"});
  own.push_back({"timeout", Kind::text, "limit of the whole run, such as 5min", "--timeout"});
  return own;
}

const ToolArgument dry_run{"dryRun", Kind::flag, "only show what would be done (default true)",
                           "--dry-run"};
const ToolArgument to{"to", Kind::text, "a change or @tag", "--to"};

std::vector<Tool> make_tools() {
  std::vector<Tool> all;
  all.push_back({"contract",
                 "the views, functions, macros, events and exit codes there are",
                 {"contract"},
                 {},
                 {}});
  all.push_back({"deploy",
                 "bring a database forward to where the plans say it should be",
                 {"deploy", "--yes"},
                 with_connection(with_modules({to, dry_run})),
                 {"database"},
                 Tool::Confirmation::never,
                 true});
  all.push_back({"revert",
                 "take deployed changes back, newest first",
                 {"revert", "--yes"},
                 with_connection(with_modules({to, dry_run})),
                 {"database"},
                 Tool::Confirmation::unless_dry_run,
                 true});
  all.push_back(
      {"session_deploy",
       "run a session project's deploy.sql",
       {"session", "deploy"},
       with_connection(of_session(
           {{"overwrite", Kind::flag, "drop the database first and make it anew", "--overwrite"}})),
       {"path", "database"},
       Tool::Confirmation::with_overwrite,
       false});
  all.push_back({"session_metadata_plan",
                 "the SQL files of a session project in their order",
                 {"session", "metadata", "plan"},
                 {{"path", Kind::text, "the project's folder", ""}},
                 {"path"}});
  all.push_back({"session_metadata_validate",
                 "check the metadata of a session project",
                 {"session", "metadata", "validate"},
                 {{"path", Kind::text, "the project's folder", ""}},
                 {"path"}});
  all.push_back({"session_plan",
                 "what a session project's deploy.sql will find",
                 {"session", "plan"},
                 {{"path", Kind::text, "the project's folder", ""}},
                 {"path"}});
  all.push_back({"status",
                 "what is deployed and what is pending",
                 {"status"},
                 with_connection(with_modules({})),
                 {"database"}});
  all.push_back({"test",
                 "run the SQL tests of deployed modules",
                 {"test"},
                 with_connection(with_modules(
                     {{"pattern", Kind::text, "only tests whose path matches", "--pattern"}})),
                 {"database"}});
  all.push_back({"verify",
                 "check that what is deployed is really there",
                 {"verify"},
                 with_connection(with_modules({to})),
                 {"database"}});
  return all;
}

const char* type_of(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "string";
    case Kind::flag:
      return "boolean";
    case Kind::list:
      return "array";
    case Kind::map:
      return "object";
  }
  return "";
}

bool has_type(const Json& value, Kind kind) {
  switch (kind) {
    case Kind::text:
      return value.is_string();
    case Kind::flag:
      return value.is_boolean();
    case Kind::list:
      return value.is_array() && std::all_of(value.begin(), value.end(),
                                             [](const Json& one) { return one.is_string(); });
    case Kind::map:
      return value.is_object() && std::all_of(value.begin(), value.end(),
                                              [](const Json& one) { return one.is_string(); });
  }
  return false;
}

/// What is behind a NUL would be lost on the way to the system.
bool holds_nul(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().find('\0') != std::string::npos;
  return value.is_structured() && std::any_of(value.begin(), value.end(), holds_nul);
}

void check(const Tool& tool, const Json& arguments) {
  if (!arguments.is_object()) throw Error(ErrorCode::usage, "arguments must be an object");
  for (const auto& [name, value] : arguments.items()) {
    if (name == "confirmDatabaseName") continue;
    const auto known = std::find_if(tool.arguments.begin(), tool.arguments.end(),
                                    [&](const ToolArgument& one) { return one.name == name; });
    if (known == tool.arguments.end())
      throw Error(ErrorCode::usage, fmt::format("{} has no argument {}", tool.name, name));
    if (!has_type(value, known->kind))
      throw Error(ErrorCode::usage,
                  fmt::format("argument {} must be of type {}", name, type_of(known->kind)));
    if (holds_nul(value))
      throw Error(ErrorCode::usage, fmt::format("argument {} holds a NUL", name));
  }
  for (const std::string& name : tool.required)
    if (!arguments.contains(name))
      throw Error(ErrorCode::usage, fmt::format("argument {} is missing", name));
}

bool is_on(const Json& arguments, const char* name, bool otherwise) {
  return arguments.contains(name) ? arguments[name].get<bool>() : otherwise;
}

void require_confirmation(const Tool& tool, const Json& arguments) {
  const bool destroys = (tool.confirmation == Tool::Confirmation::unless_dry_run &&
                         !is_on(arguments, "dryRun", true)) ||
                        (tool.confirmation == Tool::Confirmation::with_overwrite &&
                         is_on(arguments, "overwrite", false));
  if (!destroys) return;
  const Json confirmed = arguments.value("confirmDatabaseName", Json());
  if (confirmed != arguments["database"])
    throw Error(ErrorCode::approval,
                fmt::format("{} destroys: confirmDatabaseName must repeat database", tool.name))
        .leaving("nothing was changed");
}

/// Values are joined to their option, so that one which begins with a dash stays a value.
void add(const ToolArgument& argument, const Json& value, ToolCall& line,
         std::vector<std::string>& positionals) {
  const auto add_text = [&](const std::string& text) {
    if (argument.option.empty())
      positionals.push_back(text);
    else
      line.words.push_back(argument.option + "=" + text);
  };
  switch (argument.kind) {
    case Kind::text:
      return add_text(value.get<std::string>());
    case Kind::flag:
      if (value.get<bool>()) line.words.push_back(argument.option);
      return;
    case Kind::list:
      for (const Json& one : value) add_text(one.get<std::string>());
      return;
    case Kind::map:
      line.variables.emplace_back(argument.option, Secret(value.dump()));
      return;
  }
}

}  // namespace

const std::vector<Tool>& tools() {
  static const std::vector<Tool> all = make_tools();
  return all;
}

Json describe(const Tool& tool) {
  Json properties = Json::object();
  for (const ToolArgument& argument : tool.arguments) {
    Json& property = properties[argument.name];
    property = {{"type", type_of(argument.kind)}, {"description", argument.description}};
    if (argument.kind == Kind::list) property["items"] = {{"type", "string"}};
    if (argument.kind == Kind::map) property["additionalProperties"] = {{"type", "string"}};
  }
  if (tool.confirmation != Tool::Confirmation::never)
    properties["confirmDatabaseName"] = {
        {"type", "string"}, {"description", "repeats `database` when something is destroyed"}};
  return Json{{"name", tool.name},
              {"description", tool.description},
              {"inputSchema",
               {{"type", "object"},
                {"properties", properties},
                {"required", tool.required},
                {"additionalProperties", false}}}};
}

ToolCall command_line_of(const Tool& tool, const Json& arguments) {
  check(tool, arguments);
  require_confirmation(tool, arguments);
  ToolCall line{tool.words, {}};
  std::vector<std::string> positionals;
  for (const ToolArgument& argument : tool.arguments)
    if (arguments.contains(argument.name))
      add(argument, arguments[argument.name], line, positionals);
  if (tool.is_dry_by_default && !arguments.contains("dryRun")) line.words.push_back("--dry-run");
  if (is_on(arguments, "overwrite", false)) line.words.push_back("--force");
  line.words.push_back("--format=json");
  if (!positionals.empty()) line.words.push_back("--");
  line.words.insert(line.words.end(), positionals.begin(), positionals.end());
  return line;
}

}  // namespace pgpm::cli
