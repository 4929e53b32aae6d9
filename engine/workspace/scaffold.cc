// New workspaces and modules. Where a module goes is the one decision here: it follows pgpm.json's
// first pattern.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/text/file.h"
#include "engine/text/new_files.h"
#include "engine/text/path.h"
#include "engine/workspace/control_file.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/glob.h"
#include "engine/workspace/manifest.h"
#include "engine/workspace/module_search.h"
#include "engine/workspace/names.h"
#include "engine/workspace/template_files.h"
#include "pgpm/authoring.h"
#include "pgpm/scaffold.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

constexpr const char* first_version = "0.0.1";

fs::path absolute_directory(const fs::path& dir) {
  std::error_code error;
  fs::path path = fs::weakly_canonical(fs::absolute(dir), error);
  if (error)
    throw Error(ErrorCode::configuration,
                fmt::format("cannot open {}: {}", dir.string(), error.message()));
  return path;
}

void refuse_existing(const fs::path& dir, const char* file) {
  std::error_code error;
  if (fs::exists(dir / file, error))
    throw Error(ErrorCode::configuration, fmt::format("{} exists already", shown_path(dir / file)));
}

/// "packages/*" -> "packages"; a pattern of another shape says nothing about where new modules go.
std::string parent_folder(const Manifest& manifest) {
  for (const std::string& pattern : manifest.packages) {
    const bool plain =
        pattern.ends_with("/*") && pattern.find_first_of("*?!") == pattern.size() - 1;
    if (plain) return pattern.substr(0, pattern.size() - 2);
  }
  return "packages";
}

bool some_pattern_matches(const Manifest& manifest, const std::string& path) {
  bool matches = false;
  for (const std::string& pattern : manifest.packages) {
    if (pattern.starts_with('!') && path_matches(std::string_view(pattern).substr(1), path))
      return false;
    matches |= path_matches(pattern, path);
  }
  return matches;
}

fs::path module_folder(const fs::path& start, const InitOptions& options) {
  const std::string& name = options.name;
  const fs::path inside = nearest_with(start, "pgpm.plan");
  const fs::path root = nearest_with(start, "pgpm.json");
  if (!inside.empty() && (root.empty() || is_within(inside, root)))
    throw Error(ErrorCode::configuration,
                fmt::format("{} is inside of a module already", start.string()))
        .hint("go to the workspace's root first");
  if (!options.folder.empty()) return start / options.folder;
  if (root.empty()) return start;
  std::vector<Diagnostic> diagnostics;
  const std::string file = (root / "pgpm.json").string();
  const Manifest manifest = read_manifest(file, read_regular_file(file).value_or(""), diagnostics);
  if (!diagnostics.empty())
    throw Error(ErrorCode::configuration, fmt::format("{} has errors", file))
        .with(std::move(diagnostics));
  if (start == root) return root / parent_folder(manifest) / name;
  fs::path folder = start / name;
  if (some_pattern_matches(manifest, folder.lexically_relative(root).generic_string()))
    return folder;
  throw Error(ErrorCode::configuration,
              fmt::format("pgpm.json's \"packages\" would not find a module in {}", start.string()))
      .hint(fmt::format("go to {} or to the workspace's root",
                        (root / parent_folder(manifest)).string()));
}

void refuse_known_name(const fs::path& start, const std::string& name) {
  if (nearest_with(start, "pgpm.json").empty()) return;
  const Workspace workspace = load_workspace(start);
  if (const Module* module = workspace.find(name))
    throw Error(ErrorCode::configuration, fmt::format("there is a module \"{}\" already", name))
        .at({module->plan.file, 0, 0});
}

std::string makefile_text(const std::string& name) {
  return fmt::format(
      "EXTENSION = {0}\nDATA = sql/{0}--{1}.sql\n\nPG_CONFIG = pg_config\n"
      "PGXS := $(shell $(PG_CONFIG) --pgxs)\ninclude $(PGXS)\n",
      name, first_version);
}

std::string package_text(const std::string& name) {
  const nlohmann::ordered_json json = {{"name", name}, {"version", first_version}};
  return json.dump(2) + "\n";
}

/// Names that two files of one kind of thing are known by.
std::map<std::string, std::string> values_of(const InitOptions& options) {
  std::map<std::string, std::string> values = options.variables;
  const bool workspace = options.kind == InitOptions::Kind::workspace;
  values.emplace("name", options.name);
  values.emplace(workspace ? "repoName" : "moduleName", options.name);
  return values;
}

const char* kind_name(InitOptions::Kind kind) {
  return kind == InitOptions::Kind::workspace ? "workspace" : "module";
}

NamedTexts template_files_of(const InitOptions& options) {
  if (options.template_dir.empty()) return {};
  return read_template(options.template_dir, kind_name(options.kind));
}

std::string manifest_text(const std::string& name) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (!name.empty()) json["name"] = name;
  json["packages"] = {"packages/*"};
  json["extensionsDir"] = "extensions";
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

constexpr const char* workflow_file = ".github/workflows/pgpm.yml";
constexpr const char* workflow_text =
    R"(# Finds what is wrong without a database, then proves that every module deploys, reverts without a trace, and
# deploys again. The servers it needs are made and thrown away by pgpm itself.
name: pgpm
on: [push, pull_request]
jobs:
  full-cycle:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Install PostgreSQL's programs
        run: sudo apt-get update && sudo apt-get install -y postgresql
      - name: Install pgpm
        # A variable of the repository: the command that puts pgpm into PATH.
        run: ${{ vars.PGPM_INSTALL }}
      - run: pgpm check --workspace --all --strict --format github
      - run: pgpm test-packages --full-cycle --workspace --all --format github --report junit=pgpm.xml
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: pgpm
          path: pgpm.xml
)";

/// What is about to be written below `base`.
struct Scaffold {
  fs::path base;
  std::string prefix;  // of all files, "" or ending in '/'
  NamedTexts texts;
  std::vector<const char*> directories;

  void add(const std::string& file, const std::string& text) {
    for (const auto& [known, content] : texts)
      if (known == file) return;
    texts.emplace_back(file, text);
  }
};

std::vector<std::string> write(const Scaffold& scaffold) {
  NewFiles files(scaffold.base);
  for (const auto& [file, text] : scaffold.texts) {
    files.check(scaffold.prefix + file);
    refuse_existing(scaffold.base, (scaffold.prefix + file).c_str());
  }
  for (const auto& [file, text] : scaffold.texts) files.write(scaffold.prefix + file, text);
  for (const char* directory : scaffold.directories) files.directory(scaffold.prefix + directory);
  return files.keep();
}

std::vector<std::string> make_workspace(const fs::path& dir, const InitOptions& options) {
  Scaffold scaffold{absolute_directory(dir), {}, {}, {"packages"}};
  refuse_existing(scaffold.base, "pgpm.json");
  scaffold.texts = substituted(template_files_of(options), values_of(options));
  scaffold.add("pgpm.json", manifest_text(options.name));
  if (options.github_workflow) scaffold.add(workflow_file, workflow_text);
  return write(scaffold);
}

std::vector<std::string> make_module(const fs::path& start, const InitOptions& options) {
  const std::string& name = options.name;
  const fs::path folder = new_module_folder(start, options);
  check_required_names(options.requires_modules, name);
  Scaffold scaffold{absolute_directory(start), {}, {}, {"deploy", "revert", "verify"}};
  refuse_known_name(scaffold.base, name);
  if (folder != scaffold.base)
    scaffold.prefix = folder.lexically_relative(scaffold.base).generic_string() + "/";
  scaffold.texts = substituted(template_files_of(options), values_of(options));
  scaffold.add("pgpm.plan", fmt::format("%syntax-version=1.0.0\n%project={0}\n%uri={0}\n\n", name));
  scaffold.add(name + ".control", control_text(name, first_version, options.requires_modules));
  scaffold.add("Makefile", makefile_text(name));
  scaffold.add("package.json", package_text(name));
  if (options.github_workflow) scaffold.add(workflow_file, workflow_text);
  return write(scaffold);
}

}  // namespace

std::vector<std::string> open_variables(const InitOptions& options) {
  const auto values = values_of(options);
  std::vector<std::string> open = variables_in(template_files_of(options));
  std::erase_if(open, [&](const std::string& name) { return values.contains(name); });
  return open;
}

fs::path new_module_folder(const fs::path& start, const InitOptions& options) {
  if (const std::string problem = module_name_problem(options.name); !problem.empty())
    throw Error(ErrorCode::configuration,
                fmt::format("\"{}\" is no module name: {}", options.name, problem));
  return module_folder(absolute_directory(start), options);
}

std::vector<std::string> init(const fs::path& start, const InitOptions& options) {
  return options.kind == InitOptions::Kind::workspace ? make_workspace(start, options)
                                                      : make_module(start, options);
}

std::vector<std::string> init_workspace(const fs::path& dir, const std::string& name) {
  InitOptions options;
  options.kind = InitOptions::Kind::workspace;
  options.name = name;
  return init(dir, options);
}

std::vector<std::string> init_module(const fs::path& start, const std::string& name,
                                     const std::vector<std::string>& requires_modules) {
  InitOptions options;
  options.name = name;
  options.requires_modules = requires_modules;
  return init(start, options);
}

}  // namespace pgpm
