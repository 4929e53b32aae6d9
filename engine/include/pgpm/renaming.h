// pgpm rename: another name for a change or a module, everywhere it is written down.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "pgpm/deploy.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// A file that gets another text, still under its former name.
struct FileEdit {
  std::filesystem::path file;
  std::string before, after;
};

/// What a new name means for the files of a workspace. Decided by plan_*; nothing is touched before
/// rename_files().
struct Renaming {
  enum class Subject { change, module } subject = Subject::change;
  std::string package;   ///< ledger name of the module, before
  std::string from, to;  ///< change names, or ledger names of the module
  std::vector<FileEdit> edits;
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> moves;  ///< after the edits
  std::vector<std::filesystem::path> script_folders;  ///< these stay, even if a move empties them
  std::vector<Diagnostic> warnings;

  /// One deploy script whose bytes or whose change's name move, for the ledger.
  struct Script {
    std::string package, from, to;  ///< script names, before and after
    std::string before, after;      ///< the file's bytes
  };
  std::vector<Script> scripts;
};

/// Every instance of the change, its scripts, their headers, and every plan line and script header
/// of the workspace that refers to it. Throws Error(configuration) if `from` is unknown, `to` no
/// name or taken, or a file is in the way.
Renaming plan_change_renaming(const Workspace& workspace, const Module& module,
                              const std::string& from, const std::string& to);

/// Whether package.json's "name" (behind its scope) follows.
enum class NpmName { stays, follows };
/// Plan, control file, Makefile, packaged SQL, and every plan, control file and script header that
/// names the module. Its folder keeps its name.
Renaming plan_module_renaming(const Workspace& workspace, const Module& module,
                              const std::string& to, NpmName npm_name);

/// Writes the edits, then moves. What was done is undone if a step fails.
void rename_files(const Renaming& renaming);

/// Renames what is deployed of it in a database, then calls `files` (rename_files) and commits: a
/// failure of either leaves both as they were. Returns how many rows of the ledger were renamed.
std::size_t rename_in_ledger(const Target& target, const Renaming& renaming,
                             const RunOptions& options, Observer& observer, std::stop_token stop,
                             const std::function<void()>& files);

}  // namespace pgpm
