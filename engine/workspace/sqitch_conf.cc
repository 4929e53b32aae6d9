#include "engine/workspace/sqitch_conf.h"

#include <fmt/format.h>

#include "engine/text/ascii.h"
#include "engine/workspace/findings.h"

namespace pgpm {
namespace {

/// "core.top_dir" -> value; sections and keys in lower case, sub-sections as written.
using Settings = std::map<std::string, std::string>;

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
    const std::string key = lower_case(trim(line.substr(0, equals)));
    if (section_.empty() || key.empty()) {
      findings_.add(Severity::error, number, 1, "this setting stands in no section");
      return;
    }
    settings_[section_ + '.' + key] =
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
    if (const auto target = find("engine.pg.target"); target && target->find(':') == target->npos)
      target_ = "target." + *target + ".";
  }

  std::optional<std::string> find(const std::string& key) const {
    const auto found = settings_.find(key);
    return found == settings_.end() ? std::nullopt : std::optional(found->second);
  }
  /// target, then engine, then core.
  std::optional<std::string> attribute(const std::string& key) const {
    if (!target_.empty())
      if (auto value = find(target_ + key)) return value;
    if (auto value = find("engine.pg." + key)) return value;
    return find("core." + key);
  }
  void add_variables(const std::string& section, std::map<std::string, std::string>& all) const {
    const std::string prefix = section + ".variables.";
    for (auto entry = settings_.lower_bound(prefix);
         entry != settings_.end() && entry->first.starts_with(prefix); ++entry)
      all[entry->first.substr(prefix.size())] = entry->second;
  }
  std::string target_section() const {
    return target_.empty() ? "" : target_.substr(0, target_.size() - 1);
  }

 private:
  const Settings& settings_;
  std::string target_;
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
  conf.engine = lookup.find("core.engine").value_or("");
  conf.registry = lookup.attribute("registry").value_or("sqitch");
  conf.top_dir = lookup.attribute("top_dir").value_or(".");
  const auto below_top = [&](const char* key, const char* otherwise) {
    const auto value = lookup.attribute(key);
    return (value ? std::filesystem::path(*value) : conf.top_dir / otherwise).lexically_normal();
  };
  conf.plan_file = below_top("plan_file", "sqitch.plan");
  conf.deploy_dir = below_top("deploy_dir", "deploy");
  conf.revert_dir = below_top("revert_dir", "revert");
  conf.verify_dir = below_top("verify_dir", "verify");
  for (const char* key :
       {"reworked_dir", "reworked_deploy_dir", "reworked_revert_dir", "reworked_verify_dir"})
    if (const auto value = lookup.attribute(key)) conf.reworked_dir = *value;
  conf.top_dir = conf.top_dir.lexically_normal();
  for (const std::string& section : {std::string("core"), std::string("deploy"),
                                     std::string("engine.pg"), lookup.target_section()})
    if (!section.empty()) lookup.add_variables(section, conf.variables);
  return conf;
}

}  // namespace pgpm
