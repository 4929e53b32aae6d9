#include "cli/session_settings.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <cstdlib>

#include "engine/text/ascii.h"
#include "engine/text/file.h"
#include "engine/text/nearest.h"
#include "engine/text/utf8.h"

namespace pgpm::cli {

namespace {

const std::vector<std::string>& connection_keys() {
  static const std::vector<std::string> keys{
      "host",    "port",    "username", "database",    "maintenance_database",
      "sslmode", "sslcert", "sslkey",   "sslrootcert", "password_command"};
  return keys;
}

/// Settings of clouds' own ways to log in, which pgpm leaves to a command.
bool is_cloud_key(const std::string& key) {
  for (const char* name :
       {"auth_method", "azure_tenant_id", "azure_client_id", "aws_region", "google_instance"})
    if (key == name) return true;
  return false;
}

class SettingsReader {
 public:
  explicit SettingsReader(std::string file) : file_(std::move(file)) {}

  SessionSettings read(const YAML::Node& root) {
    SessionSettings settings;
    if (!root || root.IsNull()) return settings;
    if (!root.IsMap()) throw error(root, "it must be a mapping");
    for (const auto& entry : root) {
      const std::string key = entry.first.Scalar();
      if (key == "connection")
        read_connection(entry.second, settings);
      else if (key == "params")
        read_parameters(entry.second, settings);
      else if (key == "timeout")
        settings.timeout = scalar(entry.second, key);
      else
        throw unknown(entry.first, key, {"connection", "params", "timeout"});
    }
    return settings;
  }

 private:
  void read_connection(const YAML::Node& node, SessionSettings& settings) {
    if (node.IsNull()) return;
    if (!node.IsMap()) throw error(node, "connection must be a mapping");
    for (const auto& entry : node) {
      const std::string key = entry.first.Scalar();
      if (is_cloud_key(key))
        throw error(entry.first, fmt::format("{} is not known here", key))
            .hint("password_command runs a cloud's own program for a token");
      if (std::find(connection_keys().begin(), connection_keys().end(), key) ==
          connection_keys().end())
        throw unknown(entry.first, key, connection_keys());
      settings.connection[key] = scalar(entry.second, key);
    }
  }

  void read_parameters(const YAML::Node& node, SessionSettings& settings) {
    if (node.IsNull()) return;
    if (!node.IsMap()) throw error(node, "params must be a mapping");
    for (const auto& entry : node)
      settings.parameters.emplace_back(entry.first.Scalar(),
                                       scalar(entry.second, entry.first.Scalar()));
  }

  std::string scalar(const YAML::Node& node, const std::string& key) const {
    if (node.IsNull()) return "";
    if (!node.IsScalar()) throw error(node, fmt::format("{} must be a single value", key));
    return node.Scalar();
  }

  Error unknown(const YAML::Node& node, const std::string& key,
                const std::vector<std::string>& known) const {
    const std::string near = nearest_name(key, known);
    return error(node, fmt::format("unknown key {}", key))
        .hint(near.empty() ? std::string() : fmt::format("did you mean {}?", near));
  }

  Error error(const YAML::Node& node, const std::string& what) const {
    const YAML::Mark mark = node.Mark();
    return Error(ErrorCode::configuration, what)
        .at({file_, static_cast<std::size_t>(mark.line + 1),
             static_cast<std::size_t>(mark.column + 1)});
  }

  std::string file_;
};

/// NAME=VALUE, perhaps behind "export"; quotes around the value go.
std::optional<std::pair<std::string, std::string>> env_line(std::string_view line) {
  if (line.starts_with("export ")) line = trim(line.substr(7));
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  const std::string_view name = trim(line.substr(0, equals));
  std::string_view value = trim(line.substr(equals + 1));
  for (const char c : name)
    if (!is_alnum(c) && c != '_') return std::nullopt;
  const bool is_quoted = value.size() >= 2 && value.front() == value.back() &&
                         (value.front() == '"' || value.front() == '\'');
  if (is_quoted) value = value.substr(1, value.size() - 2);
  return std::pair(std::string(name), std::string(value));
}

}  // namespace

SessionSettings read_session_settings(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "pgmi.yaml";
  const std::optional<std::string> text = read_regular_file(file);
  if (!text) return {};
  const std::string shown = shown_path(file);
  try {
    return SettingsReader(shown).read(YAML::Load(*text));
  } catch (const YAML::Exception& problem) {
    throw Error(ErrorCode::configuration, "no YAML: " + problem.msg)
        .at({shown, static_cast<std::size_t>(problem.mark.line + 1),
             static_cast<std::size_t>(problem.mark.column + 1)});
  }
}

std::size_t take_env_file(const std::filesystem::path& folder) {
  const std::optional<std::string> text = read_regular_file(folder / ".env");
  if (!text) return 0;
  std::size_t unread = 0;
  std::string_view rest = std::string_view(*text).substr(byte_order_mark(*text));
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = trim(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    if (const auto variable = env_line(line))
      ::setenv(variable->first.c_str(), variable->second.c_str(), 0);
    else
      ++unread;
  }
  return unread;
}

}  // namespace pgpm::cli
