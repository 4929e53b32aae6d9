// The source tree as text: its files, their #include lines, and the layer table of
// engine/README.md. The rules themselves are functions over such text, so that they can be tried on
// made-up files. Knows nothing of pgpm's code.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pgpm::tests {

struct SourceFile {
  std::string path;  ///< from the repository root, with '/'
  std::string text;
};

struct Include {
  std::size_t line = 0;
  std::string name;     ///< what stands between the quotes or angle brackets
  bool quoted = false;  ///< "x" rather than <x>
};

/// Folder -> folders it may include besides itself and the public headers ("engine/db" ->
/// {"engine/text"}).
using LayerTable = std::map<std::string, std::set<std::string>>;

/// Every file below root/folder for each of `folders`, sorted by path.
std::vector<SourceFile> read_tree(const std::filesystem::path& root,
                                  const std::vector<std::string>& folders);
std::string read_text(const std::filesystem::path& file);
bool is_cpp(std::string_view path);

std::vector<Include> includes_of(std::string_view text);
/// The text with comments and the contents of literals blanked; line numbers stay.
std::string code_of(std::string_view text);

/// Rows `| `folder` | allowed, allowed | ... |` of the table below the line "<!-- layers -->".
LayerTable read_layer_table(std::string_view readme);
/// The folder of the table a file belongs to: the longest that is a prefix of its path, "" if none.
std::string layer_of(const LayerTable& table, std::string_view path);
/// A way round that the table allows ("a -> b -> a"), "" if the arrows only point down.
std::string layer_cycle(const LayerTable& table);

/// One line "file:line: what is wrong" for every include that the table or a library's home
/// forbids.
std::vector<std::string> include_violations(const LayerTable& table, const SourceFile& file);
/// One line for every identifier, and for the file's name, that names no idea (Manager, Util,
/// do_it, ...).
std::vector<std::string> naming_violations(const SourceFile& file);

}  // namespace pgpm::tests
