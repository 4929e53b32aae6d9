// Whether a module's files agree with each other about what it is called and which version it is.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>

#include "engine/distribution/json_file.h"
#include "engine/text/ascii.h"
#include "engine/text/file.h"
#include "pgpm/distribution.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

/// What stands behind "NAME =" in a Makefile.
std::string make_variable(const std::string& text, std::string_view name) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line(text.data() + at, end - at);
    at = end + 1;
    if (!line.starts_with(name)) continue;
    line = trim_left(line.substr(name.size()));
    if (line.starts_with(":=") || line.starts_with('=')) {
      line.remove_prefix(line.front() == ':' ? 2 : 1);
      return std::string(trim(line));
    }
  }
  return {};
}

class Analysis {
 public:
  explicit Analysis(const Module& module) : module_(module) {}

  std::vector<ModuleIssue> run() {
    check_npm();
    check_plan();
    check_control();
    check_makefile();
    check_folders();
    return std::move(issues_);
  }

 private:
  void add(const char* code, std::string message, const fs::path& file) {
    issues_.push_back({code, std::move(message), shown_path(file)});
  }
  bool exists(const std::string& file) const {
    std::error_code error;
    return fs::exists(module_.dir / file, error);
  }

  void check_npm() {
    const fs::path file = module_.dir / "package.json";
    if (!exists("package.json"))
      return add("missing_package_json", "there is no package.json", file);
    try {
      version_ = read_npm_fields(file).version;
      if (version_.empty()) add("missing_package_json", "package.json has no version", file);
    } catch (const Error& error) {
      add("missing_package_json", error.what(), file);
    }
  }

  void check_plan() {
    const fs::path file = module_.plan_path();
    const PlanReading reading = read_plan(shown_path(file), module_.plan.text);
    for (const Diagnostic& diagnostic : reading.diagnostics)
      if (diagnostic.severity == Severity::error) add_plan_error(reading, diagnostic, file);
    if (module_.plan.project.empty()) return;
    if (module_.plan.project != module_.name)
      add("plan_project_mismatch",
          fmt::format("%project is {}, the control file {}", module_.plan.project, module_.name),
          file);
    if (!module_.plan.uri.empty() && module_.plan.uri != module_.name)
      add("plan_uri_mismatch", fmt::format("%uri is {}, not {}", module_.plan.uri, module_.name),
          file);
  }

  void add_plan_error(const PlanReading& reading, const Diagnostic& found, const fs::path& file) {
    if (found.where.line > 0)
      return add("plan_parse_error", fmt::format("line {}: {}", found.where.line, found.message),
                 file);
    // Of those about the whole plan that it names no project comes first.
    const bool no_project = module_.plan.project.empty() && &found == &reading.diagnostics.front();
    add(no_project ? "plan_missing_project" : "plan_parse_error",
        found.hint.empty() ? found.message : fmt::format("{}: {}", found.message, found.hint),
        file);
  }

  void check_control() {
    const fs::path file = module_.dir / (module_.name + ".control");
    if (!exists(module_.name + ".control")) {
      add("missing_control", fmt::format("there is no {}.control", module_.name), file);
    } else if (module_.plan.project != module_.name && !module_.plan.project.empty()) {
      add("control_filename_mismatch", fmt::format("it should be {}.control", module_.plan.project),
          file);
    }
  }

  void check_makefile() {
    const fs::path file = module_.dir / "Makefile";
    const auto text = read_regular_file(file);
    if (!text) return add("missing_makefile", "there is no Makefile", file);
    const std::string extension = make_variable(*text, "EXTENSION");
    const std::string data = make_variable(*text, "DATA");
    const std::string wanted = fmt::format("sql/{}--{}.sql", module_.name, version_);
    if (extension.empty())
      add("makefile_missing_extension", "EXTENSION is not set", file);
    else if (extension != module_.name)
      add("makefile_extension_mismatch",
          fmt::format("EXTENSION is {}, not {}", extension, module_.name), file);
    if (data.empty())
      add("makefile_missing_data", "DATA is not set", file);
    else if (data != wanted)
      add("makefile_data_mismatch", fmt::format("DATA is {}, not {}", data, wanted), file);
  }

  void check_folders() {
    const std::string sql = fmt::format("sql/{}--{}.sql", module_.name, version_);
    if (!exists(sql)) add("missing_sql", "it is not packaged: pgpm package", module_.dir / sql);
    const std::pair<const char*, const char*> folders[] = {{"deploy", "missing_deploy_dir"},
                                                           {"revert", "missing_revert_dir"},
                                                           {"verify", "missing_verify_dir"}};
    for (const auto& [folder, code] : folders)
      if (!exists(folder))
        add(code, fmt::format("there is no {} folder", folder), module_.dir / folder);
  }

  const Module& module_;
  std::string version_;
  std::vector<ModuleIssue> issues_;
};

}  // namespace

std::vector<ModuleIssue> analyze_module(const Module& module) {
  return Analysis(module).run();
}

VersionState version_state(const Module& module) {
  VersionState state;
  state.package = module.package;
  state.npm_version = read_npm_fields(module.dir / "package.json").version;
  state.control_version = module.control.default_version;
  std::error_code error;
  state.packaged =
      fs::exists(module.dir / fmt::format("sql/{}--{}.sql", module.name, state.npm_version), error);
  return state;
}

}  // namespace pgpm
