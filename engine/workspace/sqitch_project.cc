#include "engine/workspace/sqitch_project.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/file.h"
#include "engine/workspace/control_file.h"
#include "engine/workspace/module_reader.h"
#include "engine/workspace/module_search.h"
#include "engine/workspace/names.h"
#include "engine/workspace/new_files.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::error;
  });
}

SqitchConf read_conf(const fs::path& dir) {
  const std::string file = shown_path(dir / "sqitch.conf");
  const auto text = read_regular_file(dir / "sqitch.conf");
  if (!text)
    throw Error(ErrorCode::configuration, fmt::format("{} does not exist", file))
        .hint("name the project's directory: pgpm adopt sqitch DIR");
  std::vector<Diagnostic> diagnostics;
  SqitchConf conf = read_sqitch_conf(file, *text, diagnostics);
  if (has_errors(diagnostics))
    throw Error(ErrorCode::configuration, fmt::format("{} has errors", file)).with(diagnostics);
  if (!conf.engine.empty() && conf.engine != "pg")
    throw Error(ErrorCode::configuration,
                fmt::format("{} is for the engine {}, not for PostgreSQL", file, conf.engine));
  return conf;
}

/// Scripts stay where they are, so they must be where a module has them.
void require_usual_folders(const SqitchConf& conf) {
  const std::pair<const char*, const fs::path&> folders[] = {
      {"deploy", conf.deploy_dir}, {"revert", conf.revert_dir}, {"verify", conf.verify_dir}};
  for (const auto& [name, folder] : folders)
    if (folder != (conf.top_dir / name).lexically_normal())
      throw Error(ErrorCode::configuration,
                  fmt::format("the {} scripts are in {}; a module has them in {}", name,
                              folder.generic_string(),
                              (conf.top_dir / name).lexically_normal().generic_string()))
          .hint("move them, and set sqitch.conf accordingly");
  if (conf.reworked_dir)
    throw Error(ErrorCode::configuration,
                fmt::format("reworked scripts are in {}; a module has them beside the others",
                            conf.reworked_dir->generic_string()))
        .hint("move them, and take reworked_dir out of sqitch.conf");
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

SqitchFiles read_sqitch_files(const fs::path& dir) {
  SqitchFiles files;
  files.conf = read_conf(dir);
  require_usual_folders(files.conf);
  Module& module = files.module;
  module.plan = read_sound_plan(dir / files.conf.plan_file);
  module.package = module.name = module.plan.project;
  if (const std::string problem = module_name_problem(module.name); !problem.empty())
    throw Error(ErrorCode::configuration,
                fmt::format("\"{}\" is no module name: {}", module.name, problem))
        .at({module.plan.file, 0, 0});
  std::error_code error;
  module.dir = fs::weakly_canonical(dir / files.conf.top_dir, error);
  if (error || !is_within(module.dir, fs::canonical(dir)))
    throw Error(ErrorCode::configuration, fmt::format("top_dir {} is outside of the project",
                                                      files.conf.top_dir.generic_string()));
  check_present_plan(module.dir, module.plan, files.missing);
  const std::string control = module.name + ".control";
  const auto present = read_regular_file(module.dir / control);
  files.control_text =
      present.value_or(control_text(module.name, "0.0.1", other_projects(module.plan)));
  if (!present) files.missing.push_back(control);
  module.control = read_control(shown_path(module.dir / control), files.control_text).control;
  choose_script_names(module);
  return files;
}

Module sqitch_module(const fs::path& dir) {
  SqitchFiles files = read_sqitch_files(dir);
  const std::string control = files.module.name + ".control";
  if (std::find(files.missing.begin(), files.missing.end(), control) != files.missing.end()) {
    files.module.control = {};
    files.module.control.name = files.module.name;
  }
  return std::move(files.module);
}

std::vector<std::string> write_module_files(const SqitchFiles& files) {
  NewFiles fresh(files.module.dir);
  for (const std::string& file : files.missing) fresh.check(file);
  for (const std::string& file : files.missing)
    fresh.write(file, file == "pgpm.plan" ? files.module.plan.text : files.control_text);
  return fresh.keep();
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
