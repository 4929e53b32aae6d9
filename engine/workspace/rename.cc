// Deciding what a new name means. Texts are edited in memory; whatever stands in the way is found
// before the first file is touched.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <map>
#include <set>

#include "engine/text/file.h"
#include "engine/workspace/control_file.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/names.h"
#include "engine/workspace/plan_writer.h"
#include "engine/workspace/references.h"
#include "pgpm/renaming.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

constexpr Module::ScriptKind script_kinds[] = {
    Module::ScriptKind::deploy, Module::ScriptKind::revert, Module::ScriptKind::verify};

/// A reference taken apart where it is written: "module:" and the rest.
struct Written {
  std::string_view prefix, rest;
};
Written take_apart(std::string_view text, const ChangeRef& ref) {
  const std::size_t length = ref.module.empty() ? 0 : ref.module.size() + 1;
  return {text.substr(0, length), text.substr(length)};
}

class RenamingPlan {
 public:
  RenamingPlan(const Workspace& workspace, const Module& module, Renaming::Subject subject,
               std::string from, std::string to)
      : workspace_(workspace), module_(module) {
    renaming_.subject = subject;
    renaming_.package = module.package;
    renaming_.from = std::move(from);
    renaming_.to = std::move(to);
    for (const auto kind : script_kinds)
      for (const auto instance : {Module::Instance::newest, Module::Instance::superseded})
        renaming_.script_folders.push_back(module.script_folder(kind, instance).lexically_normal());
  }

  Renaming& renaming() { return renaming_; }

  void edit(const fs::path& file, std::string before, std::string after) {
    if (before != after) renaming_.edits.push_back({file, std::move(before), std::move(after)});
  }

  void move(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(to, error)))
      throw Error(ErrorCode::configuration, fmt::format("{} is in the way", shown_path(to)));
    renaming_.moves.emplace_back(from, to);
  }

  /// The plan and all scripts of every module, through the respellings that fit the module.
  template <typename PlanRules, typename HeaderRules>
  void edit_modules(PlanRules plan_rules, HeaderRules header_rules) {
    for (const Module& other : workspace_.modules) {
      const std::string after = respell_plan(other.plan, plan_rules(other));
      require_readable(other.plan.file, after);
      edit(other.plan_path(), other.plan.text, after);
      edit_scripts(other, header_rules(other));
    }
  }

  bool is_own(const Module& in, const ChangeRef& ref) const {
    return ref.module.empty() ? in.dir == module_.dir : module_.is_called(ref.module);
  }

 private:
  static void require_readable(const std::string& file, const std::string& text) {
    PlanReading reading = read_plan(file, text);
    for (const Diagnostic& diagnostic : reading.diagnostics)
      if (diagnostic.severity == Severity::error)
        throw Error(ErrorCode::configuration,
                    fmt::format("{} would not be readable any more", file))
            .with(std::move(reading.diagnostics));
  }

  bool is_renamed(const Module& module, const Change& change) const {
    return renaming_.subject == Renaming::Subject::change && module.dir == module_.dir &&
           change.name == renaming_.from;
  }

  void edit_scripts(const Module& module, const HeaderRespelling& respelling) {
    std::set<std::string> seen;
    for (const Change& change : module.plan.changes) {
      if (!seen.insert(change.script_name).second) continue;
      std::string name = change.script_name;
      if (is_renamed(module, change)) name = renaming_.to + name.substr(renaming_.from.size());
      for (const auto kind : script_kinds)
        edit_script(module, kind, change.script_name, name, respelling);
    }
  }

  void edit_script(const Module& module, Module::ScriptKind kind, const std::string& from,
                   const std::string& to, const HeaderRespelling& respelling) {
    const fs::path file = module.script_path(kind, from);
    const auto text = read_regular_file(file);
    if (!text) return;
    const std::string after = respell_header(*text, respelling);
    if (kind == Module::ScriptKind::deploy && (from != to || after != *text))
      renaming_.scripts.push_back({module.package, from, to, *text, after});
    edit(file, *text, after);
    if (from != to) move(file, module.script_path(kind, to));
  }

  const Workspace& workspace_;
  const Module& module_;
  Renaming renaming_;
};

void check_new_change(const Plan& plan, const std::string& from, const std::string& to) {
  if (const std::string problem = change_name_problem(to); !problem.empty())
    throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no change name: {}", to, problem));
  if (const auto taken = plan.find_change(to))
    throw Error(ErrorCode::configuration, fmt::format("change \"{}\" is in the plan already", to))
        .at({plan.file, plan.changes[*taken].line, 0});
  ChangeRef ref;
  ref.change = from;
  if (!plan.find_change(from)) plan.resolve(ref);  // throws, with the nearest name
}

void check_new_module(const Workspace& workspace, const Module& module, const std::string& to) {
  if (const std::string problem = module_name_problem(to); !problem.empty())
    throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no module name: {}", to, problem));
  const Module* taken = workspace.find(to);
  if (taken != nullptr && (taken->dir != module.dir || taken->package == to))
    throw Error(ErrorCode::configuration, fmt::format("there is a module \"{}\" already", to))
        .at({taken->plan.file, 0, 0});
}

/// Every whole `from` that stands between characters that are part of no name.
std::string replace_names(std::string text, const std::string& from, const std::string& to) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    const std::size_t end = at + from.size();
    // "app-core" is another name than "app", "app--1.0" is app's SQL.
    const bool other_in_front = at > 0 && (is_part(text[at - 1]) || text[at - 1] == '-');
    const bool other_behind =
        end < text.size() &&
        (is_part(text[end]) || (text[end] == '-' && text.compare(end, 2, "--") != 0));
    if (other_in_front || other_behind) {
      at = end;
      continue;
    }
    text.replace(at, from.size(), to);
    at += to.size();
  }
  return text;
}

std::vector<std::string> renamed_in(std::vector<std::string> names, const Module& module,
                                    const std::string& to) {
  for (std::string& name : names)
    if (module.is_called(name)) name = to;
  return names;
}

void rename_control_files(const Workspace& workspace, const Module& module, const std::string& to,
                          RenamingPlan& plan) {
  for (const Module& other : workspace.modules) {
    const fs::path file = other.dir / (other.name + ".control");
    const auto text = read_regular_file(file);
    if (!text) continue;
    const auto& needs = other.control.requires_modules;
    const auto renamed = renamed_in(needs, module, to);
    std::string after = renamed == needs ? *text : with_requires(*text, renamed);
    if (other.dir == module.dir) {
      after = replace_names(after, module.name, to);
      if (module.name != to) plan.move(file, module.dir / (to + ".control"));
    }
    plan.edit(file, *text, after);
  }
}

void rename_build_files(const Module& module, const std::string& to, RenamingPlan& plan) {
  const fs::path makefile = module.dir / "Makefile";
  if (const auto text = read_regular_file(makefile))
    plan.edit(makefile, *text, replace_names(*text, module.name, to));
  std::error_code error;
  const std::string prefix = module.name + "--";
  for (const fs::directory_entry& entry : fs::directory_iterator(module.dir / "sql", error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || module.name == to) continue;
    plan.move(entry.path(), module.dir / "sql" / (to + name.substr(module.name.size())));
    plan.renaming().warnings.push_back(file_finding(Severity::warning, shown_path(entry.path()),
                                                    "what is packaged still holds the former name",
                                                    "pgpm package writes it anew"));
  }
}

void rename_npm_package(const Module& module, const std::string& to, RenamingPlan& plan) {
  const fs::path file = module.dir / "package.json";
  const auto text = read_regular_file(file);
  if (!text || module.npm_name.empty()) return;
  auto json = nlohmann::ordered_json::parse(*text);
  const std::size_t slash = module.npm_name.find('/');
  json["name"] = slash == std::string::npos ? to : module.npm_name.substr(0, slash + 1) + to;
  plan.edit(file, *text, json.dump(2) + "\n");
}

}  // namespace

Renaming plan_change_renaming(const Workspace& workspace, const Module& module,
                              const std::string& from, const std::string& to) {
  check_new_change(module.plan, from, to);
  RenamingPlan plan(workspace, module, Renaming::Subject::change, from, to);
  const auto reference_in = [&](const Module& in) -> Respell {
    return [&, here = &in](std::string_view text) -> std::optional<std::string> {
      const auto ref = ChangeRef::parse(text);
      if (!ref || ref->change != from || !plan.is_own(*here, *ref)) return std::nullopt;
      const Written written = take_apart(text, *ref);
      return fmt::format("{}{}{}", written.prefix, to, written.rest.substr(from.size()));
    };
  };
  const Respell name = [&](std::string_view text) -> std::optional<std::string> {
    return text == from ? std::optional<std::string>(to) : std::nullopt;
  };
  const Respell identity = [&](std::string_view text) -> std::optional<std::string> {
    const auto ref = ChangeRef::parse(text);
    if (!ref || ref->change != from) return std::nullopt;
    const Written written = take_apart(text, *ref);
    return fmt::format("{}{}{}", written.prefix, to, written.rest.substr(from.size()));
  };
  plan.edit_modules(
      [&](const Module& in) {
        PlanRespelling rules;
        rules.reference = reference_in(in);
        if (in.dir == module.dir) rules.change = name;
        return rules;
      },
      [&](const Module& in) {
        HeaderRespelling rules;
        rules.reference = reference_in(in);
        if (in.dir == module.dir) rules.identity = identity;
        return rules;
      });
  return std::move(plan.renaming());
}

Renaming plan_module_renaming(const Workspace& workspace, const Module& module,
                              const std::string& to, NpmName npm_name) {
  check_new_module(workspace, module, to);
  RenamingPlan plan(workspace, module, Renaming::Subject::module, module.package, to);
  const Respell reference = [&](std::string_view text) -> std::optional<std::string> {
    const auto ref = ChangeRef::parse(text);
    if (!ref || ref->module.empty() || !module.is_called(ref->module)) return std::nullopt;
    return fmt::format("{}:{}", to, take_apart(text, *ref).rest);
  };
  const Respell whole = [&](std::string_view text) -> std::optional<std::string> {
    return text == module.package || text == module.name ? std::optional<std::string>(to)
                                                         : std::nullopt;
  };
  plan.edit_modules(
      [&](const Module& in) {
        PlanRespelling rules;
        rules.reference = reference;
        if (in.dir == module.dir) rules.project = rules.uri = whole;
        return rules;
      },
      [&](const Module& in) {
        HeaderRespelling rules;
        rules.reference = reference;
        if (in.dir == module.dir) rules.identity = reference;
        return rules;
      });
  rename_control_files(workspace, module, to, plan);
  rename_build_files(module, to, plan);
  if (npm_name == NpmName::follows) rename_npm_package(module, to, plan);
  return std::move(plan.renaming());
}

}  // namespace pgpm
