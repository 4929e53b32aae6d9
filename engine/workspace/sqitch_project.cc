#include "engine/workspace/sqitch_project.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/file.h"
#include "engine/text/new_files.h"
#include "engine/text/path.h"
#include "engine/workspace/control_file.h"
#include "engine/workspace/module_reader.h"
#include "engine/workspace/module_search.h"
#include "engine/workspace/names.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::error;
  });
}

/// Adds the settings of a file, which win over those before. False if it is not there.
bool add_settings(const fs::path& file, GitSettings& settings,
                  std::vector<Diagnostic>& diagnostics) {
  const auto text = file.empty() ? std::nullopt : read_regular_file(file);
  if (text) read_git_config(shown_path(file), *text, settings, diagnostics);
  return text.has_value();
}

fs::path project_file(const fs::path& dir, const SqitchSources& sources) {
  return sources.project_file.empty() ? dir / "sqitch.conf" : sources.project_file;
}

void check_usable(const SqitchConf& conf, const std::string& file) {
  if (!conf.engine.empty() && conf.engine != "pg")
    throw Error(ErrorCode::configuration,
                fmt::format("{} is for the engine {}, not for PostgreSQL", file, conf.engine));
  if (conf.extension != "sql")
    throw Error(ErrorCode::configuration,
                fmt::format("scripts that end in .{} are not read, only .sql", conf.extension))
        .at({file, 0, 0})
        .hint("rename them, and take \"extension\" out of sqitch.conf");
}

SqitchConf read_conf(const fs::path& dir, const SqitchSources& sources) {
  const fs::path own = project_file(dir, sources);
  const std::string file = shown_path(own);
  std::vector<Diagnostic> diagnostics;
  GitSettings settings;
  add_settings(sources.system_file, settings, diagnostics);
  add_settings(sources.user_file, settings, diagnostics);
  if (!add_settings(own, settings, diagnostics))
    throw Error(ErrorCode::configuration, fmt::format("{} does not exist", file))
        .hint("name the project's directory: pgpm adopt sqitch DIR");
  SqitchConf conf = read_sqitch_conf(settings, sources.target, file, diagnostics);
  if (has_errors(diagnostics))
    throw Error(ErrorCode::configuration,
                fmt::format("{} has errors", diagnostics.front().where.file))
        .with(diagnostics);
  check_usable(conf, file);
  return conf;
}

/// The path relative to the project. What is written or read there must be the project's own.
fs::path inside(const fs::path& project, const fs::path& path, const char* what) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(project / path, error);
  if (error || !is_within(real, fs::canonical(project, error)))
    throw Error(ErrorCode::configuration,
                fmt::format("{} {} is outside of the project", what, path.generic_string()))
        .at({shown_path(project / "sqitch.conf"), 0, 0});
  return path.is_absolute() ? path.lexically_relative(project) : path;
}

/// Why it is no module in `top`, "" if it is one.
std::string other_than_module(const SqitchConf& conf, const fs::path& top) {
  for (std::size_t kind = 0; kind < std::size(SqitchConf::script_kinds); ++kind) {
    const fs::path usual = (top / SqitchConf::script_kinds[kind]).lexically_normal();
    if (conf.script_dirs[kind] != usual)
      return fmt::format("the {} scripts are in {}; a module has them in {}",
                         SqitchConf::script_kinds[kind], conf.script_dirs[kind].generic_string(),
                         usual.generic_string());
    if (conf.reworked_dirs[kind] != usual)
      return fmt::format("reworked {} scripts are in {}; a module has them in {}",
                         SqitchConf::script_kinds[kind], conf.reworked_dirs[kind].generic_string(),
                         usual.generic_string());
  }
  if (conf.has_variables) return "psql variables are set; no file of a module sets any";
  return {};
}

void place_folders(const fs::path& project, SqitchConf& conf) {
  conf.top_dir = inside(project, conf.top_dir, "top_dir");
  conf.plan_file = inside(project, conf.plan_file, "plan_file");
  for (std::size_t kind = 0; kind < std::size(SqitchConf::script_kinds); ++kind) {
    conf.script_dirs[kind] = inside(project, conf.script_dirs[kind], "the folder");
    conf.reworked_dirs[kind] = inside(project, conf.reworked_dirs[kind], "the folder");
  }
}

ModuleLayout layout_of(const SqitchConf& conf, const fs::path& base) {
  ModuleLayout layout;
  layout.is_sqitch_project = true;
  layout.plan = conf.plan_file.lexically_relative(base).generic_string();
  for (std::size_t kind = 0; kind < std::size(SqitchConf::script_kinds); ++kind) {
    layout.scripts[kind] = conf.script_dirs[kind].lexically_relative(base).generic_string();
    layout.superseded[kind] = conf.reworked_dirs[kind].lexically_relative(base).generic_string();
  }
  return layout;
}

std::vector<std::string> other_projects(const Plan& plan) {
  std::vector<std::string> names;
  for (const Change& change : plan.changes)
    for (const Dependency& dependency : change.dependencies) {
      const std::string& name = dependency.ref.module;
      const bool known = name.empty() || name == plan.project ||
                         dependency.kind != Dependency::Kind::requires_change ||
                         std::find(names.begin(), names.end(), name) != names.end();
      if (!known) names.push_back(name);
    }
  return names;
}

Plan read_sound_plan(const fs::path& file) {
  auto text = read_regular_file(file);
  if (!text)
    throw Error(ErrorCode::configuration, fmt::format("{} does not exist", shown_path(file)));
  PlanReading reading = read_plan(shown_path(file), std::move(*text));
  if (has_errors(reading.diagnostics))
    throw Error(ErrorCode::configuration, fmt::format("{} has errors", shown_path(file)))
        .with(std::move(reading.diagnostics));
  return std::move(reading.plan);
}

void check_present_plan(const fs::path& dir, const Plan& plan, std::vector<std::string>& missing) {
  const auto present = read_regular_file(dir / "pgpm.plan");
  if (!present) {
    missing.emplace_back("pgpm.plan");
  } else if (*present != plan.text) {
    throw Error(ErrorCode::configuration, fmt::format("{} is there and differs from {}",
                                                      shown_path(dir / "pgpm.plan"), plan.file))
        .hint("remove one of them: both cannot be the plan");
  }
}

}  // namespace

SqitchFiles read_sqitch_files(const fs::path& dir, const SqitchSources& sources) {
  SqitchFiles files;
  files.conf = read_conf(dir, sources);
  const fs::path project = fs::canonical(dir);
  files.conf_file = shown_path(project_file(project, sources));
  place_folders(project, files.conf);
  files.stays_because = other_than_module(files.conf, files.conf.top_dir);
  const fs::path base = files.stays_because.empty() ? files.conf.top_dir : fs::path(".");
  Module& module = files.module;
  module.plan = read_sound_plan(dir / files.conf.plan_file);
  module.package = module.name = module.plan.project;
  if (const std::string problem = module_name_problem(module.name); !problem.empty())
    throw Error(ErrorCode::configuration,
                fmt::format("\"{}\" is no module name: {}", module.name, problem))
        .at({module.plan.file, 0, 0});
  module.dir = fs::weakly_canonical(project / base);
  module.layout = layout_of(files.conf, base);
  module.psql_variables = files.conf.variables;
  if (files.stays_because.empty()) check_present_plan(module.dir, module.plan, files.missing);
  const std::string control = module.name + ".control";
  const auto present = read_regular_file(module.dir / control);
  files.control_text =
      present.value_or(control_text(module.name, "0.0.1", other_projects(module.plan)));
  if (!present && files.stays_because.empty()) files.missing.push_back(control);
  files.has_control = present.has_value();
  module.control = read_control(shown_path(module.dir / control), files.control_text).control;
  choose_script_names(module);
  return files;
}

Module sqitch_module(const fs::path& dir, const SqitchSources& sources) {
  SqitchFiles files = read_sqitch_files(dir, sources);
  if (!files.has_control) {
    files.module.control = {};
    files.module.control.name = files.module.name;
  }
  return std::move(files.module);
}

SqitchSettings sqitch_settings(const fs::path& dir, const SqitchSources& sources) {
  return read_conf(dir, sources).settings;
}

std::optional<SqitchSettings> sqitch_settings_around(const fs::path& start,
                                                     const SqitchSources& sources) {
  const fs::path project = nearest_with(start, "sqitch.conf");
  const bool is_named = !sources.project_file.empty();
  if (project.empty() && !is_named) return std::nullopt;
  try {
    const Workspace workspace = load_workspace(start, {}, sources);
    const bool in_place =
        workspace.current && workspace.modules[*workspace.current].layout.is_sqitch_project;
    if (!in_place) return std::nullopt;
    return sqitch_settings(project.empty() ? start : project, sources);
  } catch (const Error&) {
    // With a file from elsewhere every directory looks like a project, and few are one.
    if (project.empty()) return std::nullopt;
    throw;
  }
}

std::unique_ptr<NewFiles> write_module_files(const SqitchFiles& files) {
  auto fresh = std::make_unique<NewFiles>(files.module.dir);
  for (const std::string& file : files.missing) fresh->check(file);
  for (const std::string& file : files.missing)
    fresh->write(file, file == "pgpm.plan" ? files.module.plan.text : files.control_text);
  return fresh;
}

Workspace workspace_with(const SqitchFiles& files) {
  Workspace workspace;
  if (!nearest_with(files.module.dir, "pgpm.json").empty())
    workspace = load_workspace(files.module.dir);
  else
    workspace.root = files.module.dir;
  std::erase_if(workspace.modules,
                [&](const Module& module) { return module.dir == files.module.dir; });
  if (const Module* taken = workspace.find(files.module.name))
    throw Error(ErrorCode::configuration,
                fmt::format("there is a module \"{}\" already", files.module.name))
        .at({taken->plan.file, 0, 0});
  workspace.modules.push_back(files.module);
  workspace.current = workspace.modules.size() - 1;
  return workspace;
}

}  // namespace pgpm
