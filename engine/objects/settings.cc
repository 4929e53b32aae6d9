// pgmg.toml.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <filesystem>
#include <set>

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

  bool flag(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return false;
    if (const auto value = node->value_exact<bool>()) return *value;
    complain(*node, fmt::format("{} has to be true or false", key));
    return false;
  }

  /// What the original can do and we cannot is not passed over in silence.
  void refuse_wish(std::string_view key) {
    if (flag(key))
      complain(*table_.get(key), fmt::format("{} is not possible here: set it to false", key));
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
  void complain(const toml::node& node, std::string message) {
    problems_.push_back(at(node.source(), std::move(message), ""));
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
  settings.connection = Secret(reader.text("connection_string"));
  for (const char* key : {"emit_notify_events", "check_plpgsql"}) reader.refuse_wish(key);
  reader.refuse_unknown_keys();
  reader.finish();
  return settings;
}

}  // namespace pgpm
