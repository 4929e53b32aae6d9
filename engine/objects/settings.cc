// pgmg.toml.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <filesystem>
#include <set>

#include "engine/text/ascii.h"
#include "engine/text/file.h"
#include "engine/text/nearest.h"
#include "engine/text/source_text.h"
#include "pgpm/objects.h"

namespace pgpm {

namespace fs = std::filesystem;

namespace {

const std::set<std::string, std::less<>> known_keys{
    "connection_string", "migrations_dir",     "code_dir",      "seed_dir", "output_graph",
    "development_mode",  "emit_notify_events", "check_plpgsql", "tls"};

const std::set<std::string, std::less<>> tls_keys{"sslmode", "sslrootcert", "sslcert", "sslkey"};

class Reader {
 public:
  Reader(const SourceText& source, const toml::table& table) : source_(source), table_(table) {}

  std::string text(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return {};
    if (const auto value = node->value_exact<std::string>()) return *value;
    complain(*node, fmt::format("{} has to be a text in quotes", key));
    return {};
  }

  bool flag(std::string_view key, bool otherwise) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return otherwise;
    if (const auto value = node->value_exact<bool>()) return *value;
    complain(*node, fmt::format("{} has to be true or false", key));
    return otherwise;
  }

  /// What the original can do and we cannot is not passed over in silence.
  void refuse_seeds() {
    if (const toml::node* node = table_.get("seed_dir"))
      complain(*node, "seed_dir has no effect here",
               "Take it out. Rows to begin with are a migration's, or psql's.");
  }

  /// The connection string with what [tls] says and it does not.
  std::string with_tls(std::string uri) {
    const toml::node* node = table_.get("tls");
    if (node == nullptr) return uri;
    const toml::table* tls = node->as_table();
    if (tls == nullptr || uri.empty()) {
      complain(*node,
               tls == nullptr ? "tls has to be a table: [tls]"
                              : "[tls] is about connection_string, and there is none",
               tls == nullptr ? "" : "Without it PGSSLMODE, PGSSLROOTCERT and so on say the same.");
      return uri;
    }
    for (const auto& [key, value] : *tls) add_parameter(uri, key, value);
    return uri;
  }

  void refuse_unknown_keys() {
    const std::vector<std::string> names(known_keys.begin(), known_keys.end());
    for (const auto& [key, value] : table_) {
      if (known_keys.contains(key.str())) continue;
      const std::string nearest = nearest_name(key.str(), names);
      problems_.push_back(at(key.source(), fmt::format("there is no setting {}", key.str()),
                             nearest.empty() ? "" : fmt::format("Did you mean {}?", nearest)));
    }
  }

  void finish() {
    if (!problems_.empty())
      throw Error(ErrorCode::configuration, "pgmg.toml cannot be read as settings")
          .with(std::move(problems_));
  }

 private:
  Diagnostic at(const toml::source_region& region, std::string message, std::string hint) const {
    return {Severity::error,
            {source_.file(), region.begin.line, region.begin.column},
            std::move(message),
            "",
            std::move(hint)};
  }
  void complain(const toml::node& node, std::string message, std::string hint = {}) {
    problems_.push_back(at(node.source(), std::move(message), std::move(hint)));
  }

  void add_parameter(std::string& uri, const toml::key& key, const toml::node& value) {
    if (!tls_keys.contains(key.str())) {
      problems_.push_back(
          at(key.source(), fmt::format("there is no setting tls.{}", key.str()), ""));
      return;
    }
    const auto text = value.value_exact<std::string>();
    if (!text) return complain(value, fmt::format("tls.{} has to be a text in quotes", key.str()));
    const std::size_t query = uri.find('?');
    const std::string name = std::string(key.str()) + "=";
    if (query != std::string::npos && (uri.find("?" + name, query) != std::string::npos ||
                                       uri.find("&" + name, query) != std::string::npos))
      return;
    uri += (query == std::string::npos ? "?" : "&") + name;
    for (const char c : *text)
      uri +=
          is_alnum(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }

  const SourceText& source_;
  const toml::table& table_;
  std::vector<Diagnostic> problems_;
};

toml::table parse(const SourceText& source) {
  try {
    return toml::parse(source.bytes());
  } catch (const toml::parse_error& problem) {
    const auto place = problem.source().begin;
    throw Error(ErrorCode::configuration, std::string(problem.description()))
        .at({source.file(), place.line, place.column});
  }
}

std::string below(const fs::path& dir, const std::string& path) {
  return path.empty() ? std::string() : (dir / path).lexically_normal().string();
}

}  // namespace

ObjectSettings read_object_settings(const std::string& dir) {
  const fs::path path = fs::path(dir) / "pgmg.toml";
  auto bytes = read_regular_file(path);
  if (!bytes) return {};
  const SourceText source(shown_path(path), std::move(*bytes));
  const toml::table table = parse(source);
  Reader reader(source, table);
  ObjectSettings settings;
  settings.files.migrations_dir = below(dir, reader.text("migrations_dir"));
  settings.files.code_dir = below(dir, reader.text("code_dir"));
  settings.connection = Secret(reader.with_tls(reader.text("connection_string")));
  settings.output_graph = below(dir, reader.text("output_graph"));
  const bool is_development = reader.flag("development_mode", false);
  settings.notifies = reader.flag("emit_notify_events", is_development);
  settings.checks_plpgsql = reader.flag("check_plpgsql", is_development);
  reader.refuse_seeds();
  reader.refuse_unknown_keys();
  reader.finish();
  return settings;
}

}  // namespace pgpm
