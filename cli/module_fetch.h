// Modules that shall be installed, fetched into a place beside the extensions, with what they
// require.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/temporary_directory.h"
#include "engine/text/file_changes.h"
#include "pgpm/installation.h"

namespace pgpm::cli {

class ModuleFetch {
 public:
  /// `place`: the directory to unpack below, made if need be; only from the extensions' own can
  /// they be installed. One that was made and stays empty goes again. `known`: modules that need no
  /// fetching, by control name; `installed`: those of others among them, which do if a fetched one
  /// wants another version.
  ModuleFetch(const std::filesystem::path& place, std::vector<std::string> known,
              std::vector<ModulePackage> installed);

  /// A tarball, a folder, or what npm understands; then the npm dependencies that are modules and
  /// that a fetched control file requires, also in place of installed ones that are of another
  /// version than is wanted. Throws for whatever is no module.
  void fetch(const std::string& spec, const std::filesystem::path& dir);
  void fetch_required();

  const std::vector<ModulePackage>& requested() const { return requested_; }
  /// Requested ones and those they need, in the order to install.
  std::vector<ModulePackage> all() const;
  /// Installed ones that a fetched one wants in another version.
  const std::vector<ModulePackage>& replaced() const { return replaced_; }
  /// Of those fetched and installed, who wants a fetched one in another version than it has:
  /// whoever was asked for, or came first, has it.
  std::vector<std::string> mismatches() const;
  /// What control files require and nobody has: extensions of PostgreSQL, or missing modules.
  const std::vector<std::string>& unresolved() const { return unresolved_; }

 private:
  std::filesystem::path fresh_place();
  ModulePackage take(const std::string& spec, const std::filesystem::path& dir);
  bool is_known(const std::string& module) const;
  void resolve(const ModulePackage& package);
  const ModulePackage* fetched(const std::string& npm_name) const;
  void replace(const std::string& npm_name, const std::string& wanted);

  FileChanges folders_;  // never kept: those that are empty in the end go
  TemporaryDirectory work_;
  std::vector<std::string> known_;
  std::vector<ModulePackage> installed_;
  std::vector<ModulePackage> requested_, required_, replaced_;
  std::vector<std::string> unresolved_;
  int places_ = 0;
};

}  // namespace pgpm::cli
