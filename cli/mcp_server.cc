#include "cli/mcp_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/exit_code.h"
#include "cli/mcp_tools.h"
#include "pgpm/error.h"
#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr int parse_error = -32700, invalid_request = -32600, method_not_found = -32601,
              invalid_params = -32602;
constexpr std::array<const char*, 3> versions{"2025-06-18", "2025-03-26", "2024-11-05"};
constexpr std::size_t most_notices = 200;

/// No request of ours is nested deeper than a few; copying a value goes down it by recursion.
constexpr int most_levels = 64;

/// Ends a request with an error of the protocol.
struct Refusal {
  int code;
  std::string message;
};

std::string line_of(const Json& message) {
  return message.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Throws Refusal for what is no JSON, or nested too deep.
Json parse_request(std::string_view line) {
  bool is_too_deep = false;
  Json request = Json::parse(
      line,
      [&](int depth, Json::parse_event_t, Json&) {
        is_too_deep = is_too_deep || depth > most_levels;
        return depth <= most_levels;
      },
      false);
  if (is_too_deep) throw Refusal{parse_error, "this is nested too deep"};
  if (request.is_discarded()) throw Refusal{parse_error, "this is no JSON"};
  return request;
}

std::string reply(const Json& id, const Json& result) {
  return line_of(Json{{"jsonrpc", "2.0"}, {"id", id}, {"result", result}});
}

std::string refuse(const Json& id, const Refusal& refusal) {
  return line_of(Json{{"jsonrpc", "2.0"},
                      {"id", id},
                      {"error", {{"code", refusal.code}, {"message", refusal.message}}}});
}

Json initialize(const Json& params, const std::string& version) {
  if (!params.is_object() || !params.contains("protocolVersion") ||
      !params["protocolVersion"].is_string())
    throw Refusal{invalid_params, "protocolVersion is missing"};
  const std::string asked = params["protocolVersion"].get<std::string>();
  const bool is_known = std::find(versions.begin(), versions.end(), asked) != versions.end();
  return Json{{"protocolVersion", is_known ? asked : versions.front()},
              {"capabilities", {{"tools", Json::object()}}},
              {"serverInfo", {{"name", "pgpm"}, {"version", version}}}};
}

Json list_tools() {
  Json list = Json::array();
  for (const Tool& tool : tools()) list.push_back(describe(tool));
  return Json{{"tools", list}};
}

const Tool& tool_of(const Json& params) {
  if (!params.is_object() || !params.contains("name") || !params["name"].is_string())
    throw Refusal{invalid_params, "the tool's name is missing"};
  const std::string name = params["name"].get<std::string>();
  for (const Tool& tool : tools())
    if (tool.name == name) return tool;
  throw Refusal{invalid_params, fmt::format("there is no tool {}", name)};
}

Json result_of(const Json& document, bool is_error) {
  return Json{{"content", {{{"type", "text"}, {"text", line_of(document)}}}},
              {"structuredContent", document},
              {"isError", is_error}};
}

Json failure(const Error& error) {
  Json json{{"code", error_code_name(error.code())},
            {"exit_code", exit_status(error.code())},
            {"message", redact(error.what())}};
  if (!error.hint().empty()) json["hint"] = error.hint();
  return result_of(Json{{"outcome", "failed"}, {"error", json}}, true);
}

/// Of many notices the last ones: the rest would crowd out what is asked.
void keep_last_notices(Json& document) {
  if (!document.is_object() || !document.contains("notices")) return;
  Json& notices = document["notices"];
  if (notices.is_array() && notices.size() > most_notices)
    notices.erase(notices.begin(), notices.end() - static_cast<std::ptrdiff_t>(most_notices));
}

Json call_tool(const Json& params, const RunTool& run) {
  const Tool& tool = tool_of(params);
  try {
    const ToolRun ran = run(command_line_of(tool, params.value("arguments", Json::object())));
    Json document = Json::parse(ran.output, nullptr, false);
    // A document of several parts, or a usage error, which has none.
    if (document.is_discarded() || !document.is_object())
      document = Json{{"exit_code", ran.exit_status}, {"output", redact(ran.output)}};
    keep_last_notices(document);
    return result_of(document, ran.exit_status != 0);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted) throw;
    return failure(error);
  }
}

Json perform(const std::string& method, const Json& params, const std::string& version,
             const RunTool& run) {
  if (method == "initialize") return initialize(params, version);
  if (method == "ping") return Json::object();
  if (method == "tools/list") return list_tools();
  if (method == "tools/call") return call_tool(params, run);
  throw Refusal{method_not_found, fmt::format("there is no method {}", method)};
}

}  // namespace

std::optional<std::string> McpServer::answer(std::string_view line) const {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return std::nullopt;
  Json request;
  try {
    request = parse_request(line);
  } catch (const Refusal& refusal) {
    return refuse(nullptr, refusal);
  }
  if (!request.is_object()) return refuse(nullptr, {invalid_request, "a request is an object"});
  const bool has_id = request.contains("id");
  const Json id = has_id ? request["id"] : Json();
  if (has_id && !id.is_string() && !id.is_number())
    return refuse(nullptr, {invalid_request, "an id is a string or a number"});
  if (request.value("jsonrpc", Json()) != "2.0" || !request.contains("method") ||
      !request["method"].is_string())
    return refuse(id, {invalid_request, "jsonrpc must be \"2.0\", and method a string"});
  if (!has_id) return std::nullopt;
  try {
    return reply(id, perform(request["method"].get<std::string>(), request.value("params", Json()),
                             version_, run_));
  } catch (const Refusal& refusal) {
    return refuse(id, refusal);
  }
}

}  // namespace pgpm::cli
