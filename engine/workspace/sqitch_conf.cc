#include "engine/workspace/sqitch_conf.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "engine/text/ascii.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

/// "db:NAME:rest". PostgreSQL's many names are "pg".
struct DatabaseUri {
  std::string engine, rest;
};

std::optional<DatabaseUri> database_uri(const std::string& text) {
  if (!text.starts_with("db:")) return std::nullopt;
  const std::size_t colon = std::min(text.find(':', 3), text.size());
  DatabaseUri uri{lower_case(text.substr(3, colon - 3)), text.substr(colon)};
  if (uri.engine.starts_with("postgres") || uri.engine == "pgsql") uri.engine = "pg";
  return uri;
}

/// The rest (":", ":NAME?...", "://HOST/NAME?...") as libpq writes it; "" leaves all to libpq.
std::string libpq_uri(const std::string& rest) {
  if (rest.size() <= 1) return {};
  if (rest.starts_with("://")) return "postgresql" + rest;
  return "postgresql:///" + rest.substr(rest[1] == '/' ? 2 : 1);
}

class Lookup {
 public:
  Lookup(const GitSettings& settings, const std::string& chosen, const std::string& file,
         std::vector<Diagnostic>& diagnostics)
      : settings_(settings), file_(file), diagnostics_(diagnostics) {
    std::string name = chosen;
    if (name.empty()) name = find("core.target").value_or("");
    const std::string engine = find("core.engine").value_or("pg");
    if (name.empty()) name = find("engine." + std::string(trim(engine)) + ".target").value_or("");
    if (name.find(':') == name.npos)
      look_up_target(name);
    else
      uri_ = name;
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
  std::optional<DatabaseUri> uri() const { return database_uri(uri_); }

  std::optional<bool> boolean(const std::string& key) const {
    const auto found = find(key);
    if (!found) return std::nullopt;
    const std::string word = lower_case(*found);
    for (const char* yes : {"true", "yes", "on", "1"})
      if (word == yes) return true;
    for (const char* no : {"false", "no", "off", "0", ""})
      if (word == no) return false;
    refuse(key, fmt::format("{} is true or false, not \"{}\"", key, *found));
    return std::nullopt;
  }
  std::string one_of(const std::string& key, std::initializer_list<const char*> words) const {
    const std::string value = find(key).value_or("");
    if (value.empty() || std::find(words.begin(), words.end(), value) != words.end()) return value;
    refuse(key, fmt::format("{} is {}, not \"{}\"", key, fmt::join(words, " or "), value));
    return {};
  }

 private:
  void look_up_target(const std::string& name) {
    if (name.empty()) return;
    target_ = "target." + name + ".";
    const auto uri = find(target_ + "uri");
    if (uri) {
      uri_ = *uri;
      return;
    }
    const auto first = settings_.lower_bound(target_);
    const bool is_there = first != settings_.end() && first->first.starts_with(target_);
    diagnostics_.push_back({Severity::error,
                            is_there ? first->second.where : SourceLocation{file_, 0, 0},
                            is_there ? fmt::format("the target \"{}\" has no uri", name)
                                     : fmt::format("there is no target \"{}\"", name),
                            {},
                            fmt::format("write it: [target \"{}\"] uri = db:pg:NAME", name)});
  }
  void refuse(const std::string& key, std::string message) const {
    diagnostics_.push_back({Severity::error, settings_.at(key).where, std::move(message), {}, {}});
  }

  const GitSettings& settings_;
  const std::string& file_;
  std::vector<Diagnostic>& diagnostics_;
  std::string target_, uri_;
};

SqitchSettings settings_of(const Lookup& lookup) {
  SqitchSettings settings;
  if (const auto uri = lookup.uri()) settings.database = Secret(libpq_uri(uri->rest));
  settings.verify = lookup.boolean("deploy.verify");
  settings.mode = lookup.one_of("deploy.mode", {"all", "tag", "change"});
  settings.user_name = lookup.find("user.name").value_or("");
  settings.user_email = lookup.find("user.email").value_or("");
  return settings;
}

void place(const Lookup& lookup, SqitchConf& conf) {
  conf.top_dir = lookup.attribute("top_dir").value_or(".");
  const auto folder = [&](const std::string& key, const fs::path& above, const char* otherwise) {
    const auto value = lookup.attribute(key);
    return (value ? fs::path(*value) : above / otherwise).lexically_normal();
  };
  conf.plan_file = folder("plan_file", conf.top_dir, "sqitch.plan");
  const fs::path reworked = lookup.attribute("reworked_dir").value_or(conf.top_dir.string());
  for (std::size_t kind = 0; kind < std::size(SqitchConf::script_kinds); ++kind) {
    const std::string name = SqitchConf::script_kinds[kind];
    conf.script_dirs[kind] = folder(name + "_dir", conf.top_dir, SqitchConf::script_kinds[kind]);
    conf.reworked_dirs[kind] =
        folder("reworked_" + name + "_dir", reworked, SqitchConf::script_kinds[kind]);
  }
  conf.top_dir = conf.top_dir.lexically_normal();
}

void set_variables(const Lookup& lookup, SqitchConf& conf) {
  for (std::size_t kind = 0; kind < std::size(SqitchConf::script_kinds); ++kind) {
    const std::string name = SqitchConf::script_kinds[kind];
    conf.variables[kind] = lookup.variables(
        {"core", "deploy", name == "deploy" ? "" : name, "engine.pg", lookup.target_section()});
    conf.has_variables |= !conf.variables[kind].empty();
    conf.variables[kind]["registry"] = conf.registry;
  }
}

}  // namespace

SqitchConf read_sqitch_conf(const GitSettings& settings, const std::string& target,
                            const std::string& file, std::vector<Diagnostic>& diagnostics) {
  const Lookup lookup(settings, target, file, diagnostics);
  SqitchConf conf;
  const auto uri = lookup.uri();
  conf.engine = uri ? uri->engine : lookup.find("core.engine").value_or("");
  conf.extension = lookup.attribute("extension").value_or("sql");
  conf.registry = lookup.attribute("registry").value_or("sqitch");
  conf.settings = settings_of(lookup);
  place(lookup, conf);
  set_variables(lookup, conf);
  return conf;
}

}  // namespace pgpm
