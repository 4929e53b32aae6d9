#include "engine/workspace/sqitch_conf.h"

#include <fmt/format.h>

#include "engine/text/ascii.h"
#include "engine/workspace/findings.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

struct Setting {
  std::string key;  ///< as written where it is first set: the name of a variable has its case
  std::string value;
};
/// By "core.top_dir"; sections and keys in lower case, sub-sections as written.
using Settings = std::map<std::string, Setting>;

constexpr const char* script_kinds[] = {"deploy", "revert", "verify"};

class ConfReader {
 public:
  ConfReader(const TextLines& lines, Findings& findings) : lines_(lines), findings_(findings) {}

  Settings read() {
    for (std::size_t number = 1; number <= lines_.count(); ++number) {
      std::string_view line = trim(lines_.line(number));
      if (line.empty() || line.front() == '#' || line.front() == ';') continue;
      if (line.front() == '[')
        read_section(number, line);
      else
        read_setting(number, line);
    }
    return std::move(settings_);
  }

 private:
  void read_section(std::size_t number, std::string_view line) {
    const std::size_t close = line.rfind(']');
    if (close == std::string_view::npos) {
      findings_.add(Severity::error, number, 1, "this section is not closed with a ']'");
      return;
    }
    const std::string_view inside = trim(line.substr(1, close - 1));
    const std::size_t quote = inside.find('"');
    section_ = lower_case(trim(inside.substr(0, quote)));
    if (quote == std::string_view::npos) return;
    section_ += '.';
    for (std::size_t at = quote + 1; at < inside.size() && inside[at] != '"'; ++at) {
      if (inside[at] == '\\' && at + 1 < inside.size()) ++at;
      section_ += inside[at];
    }
  }

  void read_setting(std::size_t number, std::string_view line) {
    const std::size_t equals = line.find('=');
    const std::string written(trim(line.substr(0, equals)));
    const std::string key = lower_case(written);
    if (section_.empty() || key.empty()) {
      findings_.add(Severity::error, number, 1, "this setting stands in no section");
      return;
    }
    Setting& setting =
        settings_.try_emplace(section_ + '.' + key, Setting{written, {}}).first->second;
    setting.value =
        equals == std::string_view::npos ? "true" : value_of(trim(line.substr(equals + 1)));
  }

  static std::string value_of(std::string_view text) {
    std::string value;
    bool quoted = false;
    std::size_t kept = 0;  // blanks at the end count only inside of quotes
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char c = text[at];
      if (!quoted && (c == '#' || c == ';')) break;
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && at + 1 < text.size()) {
        const char next = text[++at];
        value += next == 'n' ? '\n' : next == 't' ? '\t' : next;
        kept = value.size();
      } else {
        value += c;
        if (quoted || !is_space(c)) kept = value.size();
      }
    }
    value.resize(kept);
    return value;
  }

  const TextLines& lines_;
  Findings& findings_;
  std::string section_;
  Settings settings_;
};

class Lookup {
 public:
  explicit Lookup(const Settings& settings) : settings_(settings) {
    auto target = find("core.target");
    if (!target) target = find("engine.pg.target");
    if (!target) return;
    if (target->find(':') == target->npos) {
      target_ = "target." + *target + ".";
      target = find(target_ + "uri");
    }
    if (target) uri_ = *target;
  }

  std::optional<std::string> find(const std::string& key) const {
    const auto found = settings_.find(key);
    return found == settings_.end() ? std::nullopt : std::optional(found->second.value);
  }
  /// target, then engine, then core.
  std::optional<std::string> attribute(const std::string& key) const {
    if (!target_.empty())
      if (auto value = find(target_ + key)) return value;
    if (auto value = find("engine.pg." + key)) return value;
    return find("core." + key);
  }
  /// Of the sections "SECTION.variables", later ones win. "" is no section.
  SqitchConf::Variables variables(const std::vector<std::string>& sections) const {
    SqitchConf::Variables all;
    for (const std::string& section : sections) {
      const std::string prefix = section + ".variables.";
      for (auto entry = settings_.lower_bound(prefix);
           !section.empty() && entry != settings_.end() && entry->first.starts_with(prefix);
           ++entry)
        all[entry->second.key] = entry->second.value;
    }
    return all;
  }
  std::string target_section() const {
    return target_.empty() ? "" : target_.substr(0, target_.size() - 1);
  }
  /// "db:NAME:..." of the target; PostgreSQL's many names are "pg".
  std::string engine_of_target() const {
    if (!uri_.starts_with("db:")) return {};
    const std::string name = lower_case(uri_.substr(3, uri_.find(':', 3) - 3));
    return name.starts_with("postgres") || name == "pgsql" ? "pg" : name;
  }

 private:
  const Settings& settings_;
  std::string target_, uri_;
};

}  // namespace

SqitchConf read_sqitch_conf(const std::string& file, std::string_view text,
                            std::vector<Diagnostic>& diagnostics) {
  const TextLines lines(text);
  Findings findings(file, lines);
  const Settings settings = ConfReader(lines, findings).read();
  for (Diagnostic& diagnostic : findings.take()) diagnostics.push_back(std::move(diagnostic));
  const Lookup lookup(settings);
  SqitchConf conf;
  conf.engine = lookup.find("core.engine").value_or(lookup.engine_of_target());
  conf.extension = lookup.attribute("extension").value_or("sql");
  conf.registry = lookup.attribute("registry").value_or("sqitch");
  conf.top_dir = lookup.attribute("top_dir").value_or(".");
  const auto folder = [&](const std::string& key, const fs::path& above, const char* otherwise) {
    const auto value = lookup.attribute(key);
    return (value ? fs::path(*value) : above / otherwise).lexically_normal();
  };
  conf.plan_file = folder("plan_file", conf.top_dir, "sqitch.plan");
  const fs::path reworked = lookup.attribute("reworked_dir").value_or(conf.top_dir.string());
  for (std::size_t kind = 0; kind < std::size(script_kinds); ++kind) {
    const std::string name = script_kinds[kind];
    conf.script_dirs[kind] = folder(name + "_dir", conf.top_dir, script_kinds[kind]);
    conf.reworked_dirs[kind] = folder("reworked_" + name + "_dir", reworked, script_kinds[kind]);
    conf.variables[kind] = lookup.variables(
        {"core", "deploy", name == "deploy" ? "" : name, "engine.pg", lookup.target_section()});
    conf.variables[kind]["registry"] = conf.registry;
  }
  conf.top_dir = conf.top_dir.lexically_normal();
  return conf;
}

}  // namespace pgpm
