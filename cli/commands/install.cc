// install, upgrade and uninstall: modules of others, as npm packages or as files.
#include <algorithm>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/module_fetch.h"
#include "cli/npm.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "cli/suggest.h"
#include "pgpm/authoring.h"
#include "pgpm/installation.h"

namespace pgpm::cli {

namespace {

namespace fs = std::filesystem;

/// Where installed modules are recorded: a module, or the workspace.
struct Recorder {
  const Workspace& workspace;
  const Module* module = nullptr;  // nullptr: the workspace
  fs::path extensions;

  fs::path json_file() const {
    return module == nullptr ? workspace.root / "pgpm.json" : module->dir / "package.json";
  }
  fs::path control_file() const { return module->dir / (module->name + ".control"); }
  const std::string& name() const { return module == nullptr ? shown_root : module->package; }
  std::string shown_root = "the workspace";
};

Recorder recorder_of(Invocation& invocation, const Workspace& workspace) {
  if (!workspace.has_manifest)
    throw Error(ErrorCode::configuration,
                "modules are installed into a workspace, and this is none")
        .hint("`pgpm init workspace` makes one.");
  const auto extensions = invocation.arguments.given("extensions-dir");
  if (extensions && extensions->empty()) throw Error(ErrorCode::usage, "--extensions-dir is empty");
  Recorder recorder{
      workspace, nullptr,
      extensions_directory(
          workspace, extensions ? *extensions : invocation.environment.get("PGPM_EXTENSIONS_DIR"))};
  const bool for_workspace = invocation.arguments.is_on("workspace-root");
  if (for_workspace && invocation.arguments.given("package"))
    throw Error(ErrorCode::usage, "--workspace-root and --package are two places to record it");
  if (invocation.arguments.given("package"))
    recorder.module = &module_of(invocation, workspace);
  else if (!for_workspace && workspace.current)
    recorder.module = &workspace.modules[*workspace.current];
  return recorder;
}

/// Found before anything is fetched.
void require_json_file(const Recorder& recorder) {
  std::error_code error;
  if (!fs::exists(recorder.json_file(), error))
    throw Error(ErrorCode::configuration,
                fmt::format("{} has no package.json to record modules in", recorder.name()))
        .hint(
            "Write one, such as {\"name\": \"app\", \"version\": \"0.0.1\"}, or have them recorded "
            "in pgpm.json: -W.");
  recorded_dependencies(recorder.json_file());
}

std::vector<Option> place_options(std::vector<Option> own) {
  own.push_back({"workspace-root",
                 'W',
                 OptionKind::flag,
                 "",
                 "record in pgpm.json instead of a module's package.json",
                 {"workspaceRoot"}});
  own.push_back({"extensions-dir",
                 0,
                 OptionKind::value,
                 "DIR",
                 "where modules of others live (default: what pgpm.json says, else extensions)",
                 {"extensionsDir"}});
  own.push_back(one_module_option());
  return own;
}

/// Modules that need not be fetched; those that are about to be replaced need not either.
std::vector<std::string> known_modules(const Workspace& workspace) {
  std::vector<std::string> names;
  for (const Module& module : workspace.modules) {
    names.push_back(module.name);
    names.insert(names.end(), module.other_names.begin(), module.other_names.end());
  }
  return names;
}

/// What is recorded and not there (`force`: whatever is recorded).
std::vector<std::string> missing_specs(const Recorder& recorder, bool force) {
  std::vector<std::string> specs;
  for (const auto& [name, version] : recorded_dependencies(recorder.json_file())) {
    std::error_code error;
    const fs::path place = installed_directory(recorder.extensions, name);
    // Of a module's package.json only what is a module here: others are npm's own business.
    const bool is_there = fs::exists(place / "pgpm.plan", error);
    if (force || !is_there) specs.push_back(name + "@" + version);
  }
  return specs;
}

void refuse_own_folder(const Workspace& workspace, const ModulePackage& package,
                       const fs::path& extensions) {
  const Module* module = workspace.find(package.module);
  if (module == nullptr) return;
  const fs::path place = fs::weakly_canonical(installed_directory(extensions, package.npm.name));
  if (module->dir != place)
    throw Error(ErrorCode::configuration,
                fmt::format("the workspace has a module \"{}\" of its own", package.module))
        .at({module->plan.file, 0, 0});
}

/// The control file's requires, with what was installed; a workspace has none.
void record(const Recorder& recorder, const std::vector<ModulePackage>& requested,
            Installation& installation) {
  installation.record(recorder.json_file(), requested, DependencyChange::add);
  if (recorder.module == nullptr) return;
  std::vector<std::string> needs = recorder.module->control.requires_modules;
  for (const ModulePackage& package : requested)
    if (std::find(needs.begin(), needs.end(), package.module) == needs.end())
      needs.push_back(package.module);
  if (needs == recorder.module->control.requires_modules) return;
  installation.remember(recorder.control_file());
  const fs::path& root = recorder.workspace.root;
  const Workspace now =
      load_workspace(root, recorder.extensions.lexically_relative(root).generic_string());
  set_requirements(now, *recorder.module, needs);
}

Json json_of(const std::vector<ModulePackage>& packages) {
  Json list = Json::array();
  for (const ModulePackage& package : packages)
    list.push_back(Json{
        {"name", package.npm.name}, {"version", package.npm.version}, {"module", package.module}});
  return list;
}

/// One place, or one name, would be had by two.
void refuse_twice(const std::vector<ModulePackage>& packages) {
  for (auto one = packages.begin(); one != packages.end(); ++one)
    for (auto other = std::next(one); other != packages.end(); ++other) {
      if (one->npm.name == other->npm.name)
        throw Error(ErrorCode::configuration, fmt::format("{} comes twice", one->npm.name))
            .hint("Name each package once.");
      if (one->module == other->module)
        throw Error(ErrorCode::configuration,
                    fmt::format("{} and {} are both the module \"{}\"", one->npm.name,
                                other->npm.name, one->module))
            .hint("A workspace can have one of them.");
    }
}

void check_places(const Recorder& recorder, const ModuleFetch& fetch) {
  const std::vector<ModulePackage> packages = fetch.all();
  refuse_twice(packages);
  for (const ModulePackage& package : packages)
    refuse_own_folder(recorder.workspace, package, recorder.extensions);
}

void install_all(const ModuleFetch& fetch, Installation& installation) {
  for (const ModulePackage& package : fetch.all()) installation.install(package);
}

std::string installed_text(const std::vector<ModulePackage>& packages, const Style& style) {
  std::string text;
  for (const ModulePackage& package : packages)
    text += fmt::format("  {} {}@{}  {}\n", style.green("+"), package.npm.name, package.npm.version,
                        style.dim(package.module));
  return text;
}

/// What the workspace's own files say of dependencies; those of installed modules are others'.
std::vector<fs::path> own_files(const Recorder& recorder) {
  const fs::path installed = fs::weakly_canonical(recorder.extensions);
  std::vector<fs::path> files{recorder.workspace.root / "pgpm.json"};
  for (const Module& module : recorder.workspace.modules) {
    const fs::path below = module.dir.lexically_relative(installed);
    if (below.empty() || *below.begin() == "..") files.push_back(module.dir / "package.json");
  }
  return files;
}

/// Every package.json and pgpm.json of the workspace that names it.
void record_everywhere(const Recorder& recorder, const ModulePackage& package,
                       Installation& installation) {
  for (const fs::path& file : own_files(recorder)) {
    std::error_code error;
    if (!fs::exists(file, error)) continue;
    const auto dependencies = recorded_dependencies(file);
    const bool named =
        std::any_of(dependencies.begin(), dependencies.end(),
                    [&](const auto& entry) { return entry.first == package.npm.name; });
    if (named) installation.record(file, {package}, DependencyChange::add);
  }
}

/// What an installed module was replaced by, because another one wants it so.
std::vector<std::pair<ModulePackage, ModulePackage>> replacements(const ModuleFetch& fetch) {
  std::vector<std::pair<ModulePackage, ModulePackage>> pairs;
  for (const ModulePackage& former : fetch.replaced())
    for (const ModulePackage& package : fetch.all())
      if (package.npm.name == former.npm.name) pairs.emplace_back(former, package);
  return pairs;
}

std::string mismatch_lines(const std::vector<std::string>& mismatches, const Style& style) {
  std::string text;
  for (const std::string& mismatch : mismatches)
    text += fmt::format("  {} {}\n", style.yellow("!"), mismatch);
  return text;
}

void record_replaced(const Recorder& recorder, const ModuleFetch& fetch,
                     Installation& installation) {
  for (const auto& [former, package] : replacements(fetch))
    record_everywhere(recorder, package, installation);
}

std::string unresolved_text(const ModuleFetch& fetch) {
  if (fetch.unresolved().empty()) return {};
  return fmt::format("Also required, of PostgreSQL or not installed: {}.\n",
                     fmt::join(fetch.unresolved(), ", "));
}

int run_install(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Recorder recorder = recorder_of(invocation, workspace);
  require_json_file(recorder);
  std::vector<std::string> specs = invocation.arguments.positionals;
  const bool recorded = specs.empty();
  if (recorded) specs = missing_specs(recorder, invocation.arguments.is_on("force"));
  Answer answer;
  if (specs.empty()) {
    answer.text = "All recorded modules are installed.\n";
    answer.document = dump_document(Json{{"installed", Json::array()}});
    invocation.reports.answer(answer);
    return 0;
  }
  ModuleFetch fetch(recorder.extensions, known_modules(workspace),
                    installed_modules(recorder.extensions));
  for (const std::string& spec : specs) fetch.fetch(spec, invocation.dir);
  fetch.fetch_required();
  check_places(recorder, fetch);
  Installation installation(recorder.extensions);
  install_all(fetch, installation);
  if (!recorded) record(recorder, fetch.requested(), installation);
  record_replaced(recorder, fetch, installation);
  installation.keep();
  const std::vector<std::string> mismatches = fetch.mismatches();
  answer.text = installed_text(fetch.all(), invocation.terminal.out);
  answer.text +=
      fmt::format("Installed {} for {}.\n", count(fetch.all().size(), "module"), recorder.name());
  answer.text += unresolved_text(fetch);
  answer.text += mismatch_lines(mismatches, invocation.terminal.out);
  answer.document = dump_document(Json{{"installed", json_of(fetch.all())},
                                       {"also_required", fetch.unresolved()},
                                       {"mismatches", mismatches},
                                       {"recorded_in", recorder.name()}});
  invocation.reports.answer(answer);
  return 0;
}

struct Upgrade {
  ModulePackage installed;
  std::string latest;
};

std::vector<Upgrade> find_upgrades(const std::vector<ModulePackage>& installed,
                                   const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (const std::string npm_name = parse_npm_spec(name).name;
        std::none_of(installed.begin(), installed.end(),
                     [&](const ModulePackage& package) { return package.npm.name == npm_name; }))
      throw Error(ErrorCode::configuration, fmt::format("{} is not installed", name))
          .hint("pgpm install " + name);
  std::vector<Upgrade> upgrades;
  for (const ModulePackage& package : installed) {
    const auto named = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
      return parse_npm_spec(name).name == package.npm.name;
    });
    if (!names.empty() && named == names.end()) continue;
    const std::string wanted = named == names.end() ? "" : parse_npm_spec(*named).version;
    const std::string latest = wanted.empty() ? npm_latest(package.npm.name) : wanted;
    if (latest != package.npm.version) upgrades.push_back({package, latest});
  }
  return upgrades;
}

std::string upgrade_line(const ModulePackage& installed, const std::string& version) {
  return fmt::format("  {}: {} -> {}\n", installed.npm.name, installed.npm.version, version);
}

Json upgrade_json(const ModulePackage& installed, const std::string& version) {
  return Json{{"name", installed.npm.name}, {"from", installed.npm.version}, {"to", version}};
}

/// Those that a new version requires and that were not there before.
std::vector<ModulePackage> added_modules(const ModuleFetch& fetch,
                                         const std::vector<ModulePackage>& installed) {
  std::vector<ModulePackage> added;
  for (const ModulePackage& package : fetch.all())
    if (std::none_of(installed.begin(), installed.end(), [&](const ModulePackage& former) {
          return former.npm.name == package.npm.name;
        }))
      added.push_back(package);
  return added;
}

/// Upgrades, and what follows from them: a dry run fetches everything as well, elsewhere, so that
/// both find the same.
Answer upgrade_all(Invocation& invocation, const Recorder& recorder,
                   const std::vector<ModulePackage>& installed,
                   const std::vector<Upgrade>& upgrades) {
  const bool dry = invocation.arguments.is_on("dry-run");
  ModuleFetch fetch(dry ? fs::temp_directory_path() : recorder.extensions,
                    known_modules(recorder.workspace), installed);
  for (const Upgrade& upgrade : upgrades)
    fetch.fetch(upgrade.installed.npm.name + "@" + upgrade.latest, invocation.dir);
  fetch.fetch_required();
  check_places(recorder, fetch);
  const std::vector<ModulePackage> added = added_modules(fetch, installed);
  const std::vector<std::string> mismatches = fetch.mismatches();
  Answer answer;
  Json list = Json::array();
  const auto tell = [&](const ModulePackage& former, const std::string& version) {
    answer.text += upgrade_line(former, version);
    list.push_back(upgrade_json(former, version));
  };
  // What was asked for may be a range; what came is a version.
  for (std::size_t i = 0; i < upgrades.size(); ++i)
    tell(upgrades[i].installed, fetch.requested()[i].npm.version);
  for (const auto& [former, package] : replacements(fetch)) tell(former, package.npm.version);
  if (!dry) {
    Installation installation(recorder.extensions);
    install_all(fetch, installation);
    for (const ModulePackage& package : fetch.all())
      record_everywhere(recorder, package, installation);
    installation.keep();
  }
  answer.text += installed_text(added, invocation.terminal.out);
  answer.text +=
      fmt::format("{} {}.\n", dry ? "Would upgrade" : "Upgraded", count(list.size(), "module"));
  answer.text += unresolved_text(fetch) + mismatch_lines(mismatches, invocation.terminal.out);
  answer.document = dump_document(Json{{"upgrades", list},
                                       {"added", json_of(added)},
                                       {"also_required", fetch.unresolved()},
                                       {"mismatches", mismatches},
                                       {"dry_run", dry}});
  return answer;
}

int run_upgrade(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Recorder recorder = recorder_of(invocation, workspace);
  const std::vector<ModulePackage> installed = installed_modules(recorder.extensions);
  const std::vector<Upgrade> upgrades = find_upgrades(installed, invocation.arguments.positionals);
  if (!upgrades.empty()) {
    invocation.reports.answer(upgrade_all(invocation, recorder, installed, upgrades));
    return 0;
  }
  Answer answer;
  answer.text =
      installed.empty() ? "No modules are installed.\n" : "All installed modules are up to date.\n";
  answer.document = dump_document(Json{{"upgrades", Json::array()},
                                       {"added", Json::array()},
                                       {"also_required", Json::array()},
                                       {"mismatches", Json::array()},
                                       {"dry_run", invocation.arguments.is_on("dry-run")}});
  invocation.reports.answer(answer);
  return 0;
}

/// Modules beside the one that goes that need it, unless they only record it.
void refuse_if_needed(const Recorder& recorder, const ModulePackage& package) {
  std::vector<Diagnostic> found;
  for (const Module& module : recorder.workspace.modules) {
    if (recorder.module != nullptr && module.dir == recorder.module->dir) continue;
    for (const std::string& name : module.control.requires_modules)
      if (name == package.module)
        found.push_back({Severity::error,
                         {module.control.file, module.control.requires_line, 0},
                         fmt::format("{} requires {}", module.name, package.module),
                         {},
                         {}});
  }
  if (!found.empty())
    throw Error(ErrorCode::refused, fmt::format("{} is needed", package.npm.name))
        .with(std::move(found))
        .leaving("nothing was changed");
}

void forget(const Recorder& recorder, const ModulePackage& package, Installation& installation) {
  installation.record(recorder.json_file(), {package}, DependencyChange::remove);
  if (recorder.module == nullptr) return;
  std::vector<std::string> needs = recorder.module->control.requires_modules;
  if (std::erase(needs, package.module) == 0) return;
  installation.remember(recorder.control_file());
  set_requirements(recorder.workspace, *recorder.module, needs);
}

/// What is not there, and what is.
Error not_installed(const std::string& name, const std::vector<ModulePackage>& installed) {
  std::vector<std::string> names;
  for (const ModulePackage& package : installed) names.push_back(package.npm.name);
  return Error(ErrorCode::configuration,
               fmt::format("\"{}\" is not installed{}", name, did_you_mean(name, names)))
      .hint(names.empty() ? "No modules are installed."
                          : fmt::format("Installed are: {}.", fmt::join(names, ", ")));
}

int run_uninstall(Invocation& invocation) {
  const Workspace workspace = load_sound_workspace_of(invocation);
  const Recorder recorder = recorder_of(invocation, workspace);
  require_json_file(recorder);
  const std::vector<ModulePackage> installed = installed_modules(recorder.extensions);
  std::vector<ModulePackage> gone;
  for (const std::string& name : invocation.arguments.positionals) {
    const auto found = std::find_if(installed.begin(), installed.end(), [&](const auto& package) {
      return package.npm.name == name || package.module == name;
    });
    if (found == installed.end()) throw not_installed(name, installed);
    refuse_if_needed(recorder, *found);
    gone.push_back(*found);
  }
  Answer answer;
  Installation installation(recorder.extensions);
  for (const ModulePackage& package : gone) {
    forget(recorder, package, installation);
    installation.uninstall(package);
    answer.text += fmt::format("  {} {}@{}\n", invocation.terminal.out.red("-"), package.npm.name,
                               package.npm.version);
  }
  installation.keep();
  answer.text +=
      fmt::format("Uninstalled {}. Databases were not asked: what is deployed stays deployed.\n",
                  count(gone.size(), "module"));
  answer.document = dump_document(Json{{"uninstalled", json_of(gone)}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command install_command() {
  Command command;
  command.group = "Packages";
  command.summary = "install modules of others into the workspace";
  command.description =
      "Fetches each with the npm client and its configuration, or takes a tarball or a folder, and "
      "unpacks it below the extensions directory: no links, no paths that leave it, limits on "
      "number and size, and only if it is a module. One that is there is replaced as a whole. The "
      "exact version is recorded in package.json, and the name in the control file's requires; at "
      "the workspace's root, or with -W, in pgpm.json. Modules that an installed one requires come "
      "along, in the version it wants. Without arguments what is recorded and missing is "
      "installed.";
  command.positionals = {{"PACKAGE|FILE|FOLDER", Positional::Count::any,
                          "NAME, NAME@VERSION, ./module.tgz or ./folder"}};
  command.options = place_options({
      {"force", 0, OptionKind::flag, "", "without arguments: also what is there already"},
  });
  command.examples = {
      {"pgpm install @pgpm/base32@0.20.0 @pgpm/inflection@0.16.0",
       "two modules from npm's registry"},
      {"pgpm install ./billing-1.2.0.tgz --package shop", "a tarball, without network"},
      {"pgpm install -W", "what pgpm.json records and is missing"},
  };
  command.run = run_install;
  return command;
}

Command upgrade_command() {
  Command command;
  command.group = "Packages";
  command.summary = "bring installed modules to their latest versions";
  command.description =
      "Asks npm for the latest version of every installed module (or of those named; NAME@VERSION "
      "takes that one), installs what differs, and records the new version wherever the workspace "
      "records the module. Installed modules that a new version wants in another one follow; if "
      "they "
      "were upgraded themselves to a version that it does not want, nothing is done. A module that "
      "was deployed gets its new changes with the next deploy.";
  command.positionals = {
      {"PACKAGE", Positional::Count::any, "npm names, with @VERSION if a certain one is wanted"}};
  command.options = place_options({
      {"dry-run",
       'n',
       OptionKind::flag,
       "",
       "show what would be upgraded, touch nothing",
       {"dryRun"}},
  });
  command.examples = {{"pgpm upgrade --dry-run", "what is there that is newer"},
                      {"pgpm upgrade @pgpm/base32@0.20.0", "one module, to a certain version"}};
  command.run = run_upgrade;
  return command;
}

Command uninstall_command() {
  Command command;
  command.group = "Packages";
  command.summary = "take an installed module out of the workspace";
  command.description =
      "Removes it from the extensions directory, from package.json (or pgpm.json) and from the "
      "control file's requires. Refused while another module of the workspace requires it. No "
      "database is asked: revert first where it is deployed.";
  command.positionals = {{"PACKAGE", Positional::Count::required, "npm name or module name"}};
  command.options = place_options({});
  command.examples = {{"pgpm uninstall @pgpm/base32", "by its npm name"},
                      {"pgpm uninstall pgpm-inflection -W", "by its module name, at the root"}};
  command.run = run_uninstall;
  return command;
}

}  // namespace pgpm::cli
