// pgpm import: a dump, or a folder of SQL, as a module.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pgpm/authoring.h"

namespace pgpm {

enum class ImportRows { leave_out, take };

struct ImportedModule {
  struct ImportedChange {
    std::string name;
    std::string deploy, revert, verify;  ///< scripts
    std::vector<std::string> requires_changes;
  };
  std::vector<ImportedChange> changes;  ///< in the dump's order, which is one that works
  std::vector<std::string> extensions;
  std::vector<Diagnostic> warnings;
  std::size_t statements = 0, skipped = 0;
};

/// Reads a file, or every *.sql below a folder by path. What a statement is PostgreSQL's own
/// grammar says; settings of pg_dump are left out, and rows unless they are wanted. COMMENT, GRANT
/// and OWNER go with the object they are about. Throws Error(configuration) for what cannot be
/// read.
ImportedModule read_import(const std::filesystem::path& source, ImportRows rows);

/// Makes the module (as init does) with plan and scripts. Returns the files written.
std::vector<std::string> write_import(const std::filesystem::path& start, const std::string& name,
                                      const ImportedModule& imported, const Authorship& by);

}  // namespace pgpm
