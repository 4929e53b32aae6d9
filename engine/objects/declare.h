// From files to declarations. A file that cannot be read as declarations is an error, never a
// deletion: all such problems come together.
#pragma once

#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include "engine/objects/known_statements.h"
#include "engine/objects/managed_object.h"

namespace pgpm::objects {

/// How names without a schema are understood.
struct Naming {
  std::vector<std::string> search_path{"public"};  ///< of the session, system schemas left out
  /// The newest grammar that will judge the files: 15 is ours. A newer server may know statements
  /// that our grammar does not; those are taken by their first words.
  int server_major = 15;
  const std::string& default_schema() const { return search_path.front(); }
};

/// Throws Error(configuration) if there is none.
void require_code_dir(const std::filesystem::path& dir);

/// Where declarations stand: the code directory of `pgpm objects`, or a module's folder objects/.
struct CodeFolder {
  std::string dir;
  enum class Of { code_directory, module } of = Of::code_directory;
  const char* called() const {
    return of == Of::module ? "the folder of managed objects" : "the code directory";
  }
};

/// In order of path and place. Throws Error(configuration) with every problem: unreadable files,
/// statements that declare nothing we manage, duplicates.
std::vector<ManagedObject> declare_objects(const CodeFolder& folder, const Naming& naming);

/// What takes a server to know before declarations are named.
struct Understanding {
  Naming naming;
  KnownStatements known;
};

/// The same where the server has not said yet how names are understood: files are read meanwhile.
/// Statements that are known are not parsed. Throws also what the future does.
std::vector<ManagedObject> declare_objects_early(
    const CodeFolder& folder, const std::shared_future<Understanding>& understanding);

/// Parses what was known. Throws Error(configuration).
void parse_known(std::vector<ManagedObject>& objects, const CodeFolder& folder,
                 const Naming& naming);

/// The declarations of one text; problems are appended. Of `folder` only whose it is matters.
std::vector<ManagedObject> declare_text(const std::string& shown_file, const std::string& file,
                                        std::string bytes, const Naming& naming,
                                        std::vector<Diagnostic>& problems,
                                        const CodeFolder& folder = {});

}  // namespace pgpm::objects
