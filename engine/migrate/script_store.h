// The scripts of a run, read from disk once: bytes, hash and parsed form. Knows modules, not
// databases.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/sql/script.h"
#include "pgpm/workspace.h"

namespace pgpm {

class FileRing;
class FolderListings;
class PlainFolder;

struct StoredScript {
  std::string shown_file;                     ///< as messages name it
  std::shared_ptr<const sql::Script> script;  ///< nullptr if there is no such file
  std::string hash;        ///< SHA-256 of the file's bytes, "" if there is no such file
  std::string as_written;  ///< the file's bytes if psql variables made another text of them
  explicit operator bool() const { return script != nullptr; }
  /// The file's bytes. Only if there is such a file.
  std::string_view bytes() const {
    return as_written.empty() ? script->source().bytes() : std::string_view(as_written);
  }
};

/// Where a project keeps its scripts elsewhere, their path does not tell what they are for.
sql::ScriptUse use_of(Module::ScriptKind kind);

/// The bytes of a script, or nullopt if there is no such file. Throws Error(configuration) for what
/// is no regular file (a pipe, a device, a folder) and for a link that leaves the module.
std::optional<std::string> read_script(const Module& module, Module::ScriptKind kind,
                                       const std::string& script_name);

/// Reads and parses one script of a module. The problems it finds are in script->problems().
StoredScript load_script(const Module& module, Module::ScriptKind kind,
                         const std::string& script_name);

/// What has been read of a script's file.
struct ScriptBytes {
  std::string bytes;
  std::string hash;  ///< SHA-256 of them
};
/// The same without reading the file again.
StoredScript parse_script(const Module& module, Module::ScriptKind kind,
                          const std::string& script_name, ScriptBytes read);

/// Reads and hashes deploy scripts one after another; keeps the folder of the last one open, since
/// thousands in a row are in the same one. For one thread, and for one look at the files.
class ScriptHasher {
 public:
  /// With listings, scripts that it is told to expect are read many at a time. They must outlive
  /// it, and may serve others as well.
  explicit ScriptHasher(FolderListings* listings = nullptr);
  ~ScriptHasher();
  /// Tells which scripts will be asked for next, in this order and by these changes' own strings (a
  /// copy of the name is looked up by itself). How many of them it went for, at least one: it wants
  /// to be told again behind those.
  std::size_t expect(const Module& module, std::span<const Change> changes);
  /// SHA-256 of the deploy script, "" if there is no such file. Throws as read_script().
  std::string hash(const Module& module, const std::string& script_name);
  /// Its bytes as well.
  ScriptBytes read(const Module& module, const std::string& script_name);

 private:
  struct Expected {
    const std::string* script_name = nullptr;
    std::string path;
    std::optional<std::string_view> bytes;  // nullopt: it has to be looked at by itself
  };
  void enter(const Module& module, std::string_view folder);
  void read_expected();
  std::optional<std::string_view> look(const Module& module, const std::string& script_name);

  FolderListings* listings_;
  std::unique_ptr<PlainFolder> folder_;
  std::unique_ptr<FileRing> ring_;
  bool has_tried_ring_ = false;
  std::vector<Expected> expected_;
  std::size_t next_ = 0;              // of expected_
  std::optional<std::string> bytes_;  // of what was looked at by itself
};

}  // namespace pgpm
