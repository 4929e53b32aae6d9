// A workspace on disk: a tree rooted at pgpm.json that holds modules.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pgpm/error.h"
#include "pgpm/plan.h"

namespace pgpm {

/// NAME.control: what PostgreSQL's CREATE EXTENSION would read, and what pgpm orders modules by.
struct ControlFile {
  std::string file;
  std::string name;  ///< base name up to ".control"
  std::string comment, default_version;
  std::vector<std::string> requires_modules;  ///< in written order, empties dropped
  std::size_t requires_line = 0;              ///< 0 if there is no such line
};

/// Where a module's files are, relative to its directory. Other than this only in a Sqitch project
/// that is deployed in place; then nothing of it leads out of the project.
struct ModuleLayout {
  bool is_sqitch_project = false;
  std::string plan = "pgpm.plan";
  /// Folders by kind of script: deploy, revert, verify. Of NAME@TAG.sql: `superseded`.
  std::array<std::string, 3> scripts{"deploy", "revert", "verify"};
  std::array<std::string, 3> superseded{"deploy", "revert", "verify"};
};

/// A directory with a plan and a control file.
struct Module {
  std::string name;  ///< control file's base name (the plan's project if there is no control file)
  std::string package;        ///< %project: the name in the ledger
  std::string npm_name;       ///< package.json "name", "" if none
  std::filesystem::path dir;  ///< canonical
  ControlFile control;
  Plan plan;
  std::vector<std::string>
      other_names;  ///< of further control files in the directory; only for look-ups
  enum class ScriptKind { deploy, revert, verify };
  static constexpr ScriptKind script_kinds[] = {ScriptKind::deploy, ScriptKind::revert,
                                                ScriptKind::verify};
  using Variables = std::map<std::string, std::string, std::less<>>;
  /// What `:name`, `:'name'` and `:"name"` stand for in its scripts (engine/sql/psql_variables.h),
  /// by kind of script: what sqitch.conf says, and what the caller adds. Hashes are those of the
  /// files as written.
  std::array<Variables, 3> psql_variables;
  void set_psql_variable(const std::string& variable, const std::string& value);
  ModuleLayout layout;

  std::filesystem::path plan_path() const;
  /// Where the files are that declare its managed objects (pgpm/objects.h); it need not be there.
  std::filesystem::path objects_folder() const;
  /// Whether it is. Never in a Sqitch project.
  bool has_objects_folder() const;
  /// Where the scripts of one kind are, below dir; those of superseded instances (NAME@TAG.sql) may
  /// be elsewhere.
  enum class Instance { newest, superseded };
  std::filesystem::path script_folder(ScriptKind kind, Instance instance) const;
  /// deploy/NAME.sql and so on. Change names never leave the module (plan_reader refuses those).
  std::string relative_script(ScriptKind kind, std::string_view script_name) const;
  std::filesystem::path script_path(ScriptKind kind, std::string_view script_name) const;
  /// The same without taking the path apart, for those who look at ten thousand.
  std::string script_file(ScriptKind kind, std::string_view script_name) const;
  /// True if `spelling` names this module: control name, %project or npm name.
  bool is_called(std::string_view spelling) const;
};
const char* script_kind_name(Module::ScriptKind kind);

struct Workspace {
  std::filesystem::path root;   ///< where pgpm.json is; the module's own folder if there is none
  bool has_manifest = false;    ///< false: a lone module outside any workspace
  std::vector<Module> modules;  ///< sorted by directory, stable
  std::optional<std::size_t> current;  ///< the module the start directory is in
  std::vector<Diagnostic> diagnostics;

  /// nullptr if no module is called that.
  const Module* find(std::string_view spelling) const;
  bool has_errors() const;
};

/// Finds the workspace around `start` and reads every manifest, control file and plan in it,
/// collecting all problems in Workspace::diagnostics. Throws Error(configuration) only if `start`
/// is in neither a workspace nor a module. `extensions_dir` overrides the manifest's ("" = PGPM's
/// default "extensions").
Workspace load_workspace(const std::filesystem::path& start,
                         const std::string& extensions_dir = {});

}  // namespace pgpm
