// pgpm import: a dump, or a folder of SQL, as a module or as several.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "pgpm/authoring.h"

namespace pgpm {

struct ImportOptions {
  enum class Rows { leave_out, take } rows = Rows::leave_out;

  /// What the statement that makes a table says of it.
  enum class Tables {
    as_written,    ///< what the source's does
    atomic,        ///< its name; columns and constraints are added one by one
    object,        ///< columns and constraints, but for references to other tables
    consolidated,  ///< those, too, if the other table and its keys are made before
  } tables = Tables::as_written;

  /// What shares a change.
  enum class Changes {
    alteration,  ///< nothing: each statement has its own
    object,      ///< an object, constraint, index, trigger or policy, and the remarks about it
    single,      ///< everything; the change is called as `single_change`
  } changes = Changes::object;
  std::string single_change = "everything";

  enum class Naming {
    directory,  ///< schemas/app/tables/users/table
    flat,       ///< schemas/app/tables/users
  } naming = Naming::directory;
};

struct ImportedModule {
  std::string name;  ///< set by split_import(); else the caller's
  struct ImportedChange {
    std::string name;
    std::string deploy, revert, verify;  ///< statements, without a header
    /// Of this module, or MODULE:CHANGE.
    std::vector<std::string> requires_changes;
    /// What it makes, in upstream's words: {"schemas", "app", "tables", "users", "table"}, with
    /// every character of the names. Empty for statements that make nothing with a name.
    std::vector<std::string> place;
  };
  std::vector<ImportedChange> changes;  ///< in the source's order, which is one that works
  std::vector<std::string> extensions;
  std::vector<std::string> modules;  ///< other modules it requires
  std::vector<Diagnostic> warnings;
  std::size_t statements = 0, skipped = 0;
};

/// Reads a file, or every *.sql below a folder by path. What a statement is PostgreSQL's own
/// grammar says; settings of pg_dump are left out, and rows unless they are wanted. COMMENT, GRANT
/// and OWNER go with the object they are about. Throws Error(configuration) for what cannot be
/// read.
ImportedModule read_import(const std::filesystem::path& source, const ImportOptions& options);

/// Gives the changes to several modules, by a JSON file of rules as upstream's:
///   {"defaultPackage": "core",
///    "rules": [{"package": "audit", "closure": false,
///               "select": [{"schema": ["audit"], "kind": "table", "name": ..., "table": ...,
///                           "path": ...}]}]}
/// The first rule that selects a change wins; `closure` draws along what its changes need and no
/// other rule has. Every module comes behind those it requires. Throws Error(configuration) for a
/// file that says something else, and for modules that would require each other, with the changes
/// that make them.
std::vector<ImportedModule> split_import(ImportedModule imported,
                                         const std::filesystem::path& partition);

/// All deploy statements as one script, of modules in their order.
std::string import_sql(const std::vector<ImportedModule>& modules);

struct ImportPlace {
  std::filesystem::path start;   ///< modules are made where `init` would make them from here
  std::filesystem::path folder;  ///< or below this folder, each in its own; "" = not
  enum class Existing { refuse, replace } existing = Existing::refuse;
};
struct WrittenModule {
  std::string name;
  std::filesystem::path dir;
  std::vector<std::string> files;  ///< relative to `start`, or to `folder` if there is one
};
/// The modules on disk, made as init does, with plans and scripts: all of them or none. A module of
/// the same name that is in the place is replaced as a whole if that is wanted. Without keep()
/// everything is as it was when this goes away.
class ImportedFiles {
 public:
  ImportedFiles(const ImportPlace& place, const std::vector<ImportedModule>& modules,
                const Authorship& by);
  ~ImportedFiles();
  ImportedFiles(const ImportedFiles&) = delete;
  ImportedFiles& operator=(const ImportedFiles&) = delete;

  const std::vector<WrittenModule>& modules() const { return modules_; }
  void keep();

 private:
  class Files;
  std::unique_ptr<Files> files_;
  std::vector<WrittenModule> modules_;
};

}  // namespace pgpm
