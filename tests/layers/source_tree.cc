#include "tests/layers/source_tree.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace pgpm::tests {

namespace fs = std::filesystem;

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<SourceFile> read_tree(const fs::path& root, const std::vector<std::string>& folders) {
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
      if (entry.is_regular_file())
        files.push_back(
            {fs::relative(entry.path(), root).generic_string(), read_text(entry.path())});
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

bool is_cpp(std::string_view path) {
  return path.ends_with(".h") || path.ends_with(".cc");
}

std::vector<Include> includes_of(std::string_view text) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*(["<])([^">]+)[">])re");
  std::vector<Include> found;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number)
    if (std::smatch match; std::regex_search(line, match, pattern))
      found.push_back({number, match[2].str(), match[1].str() == "\""});
  return found;
}

namespace {

/// Walks over C++ text and blanks what is not code, one lexical element at a time.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return std::move(text_);
  }

 private:
  void step() {
    if (starts("//")) return blank_to(text_.find('\n', at_));
    if (starts("/*")) return blank_past("*/", at_ + 2);
    if (starts("R\"")) return blank_raw();
    if (text_[at_] == '"' || (text_[at_] == '\'' && !digit_separator())) return blank_quoted();
    ++at_;
  }

  bool starts(std::string_view what) const { return text_.compare(at_, what.size(), what) == 0; }
  bool digit_separator() const {
    return at_ > 0 && (std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) != 0);
  }

  void blank_to(std::size_t end) {
    end = std::min(end, text_.size());
    for (; at_ < end; ++at_)
      if (text_[at_] != '\n') text_[at_] = ' ';
  }
  void blank_past(const std::string& end, std::size_t from) {
    const std::size_t found = text_.find(end, from);
    blank_to(found == std::string::npos ? found : found + end.size());
  }
  void blank_raw() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string::npos) return blank_to(open);
    blank_past(")" + text_.substr(at_ + 2, open - at_ - 2) + "\"", open);
  }
  void blank_quoted() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != text_[at_] && text_[end] != '\n')
      end += text_[end] == '\\' ? 2U : 1U;
    blank_to(end == std::string::npos ? end : end + 1);
  }

  std::string text_;
  std::size_t at_ = 0;
};

std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> cells;
  std::istringstream in(row.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) {
    cell.erase(
        std::remove_if(cell.begin(), cell.end(), [](char c) { return c == ' ' || c == '`'; }),
        cell.end());
    cells.push_back(cell);
  }
  return cells;
}

}  // namespace

std::string code_of(std::string_view text) {
  return Blanker(text).run();
}

LayerTable read_layer_table(std::string_view readme) {
  LayerTable table;
  std::istringstream lines{std::string(readme)};
  std::string line;
  while (std::getline(lines, line) && line != "<!-- layers -->") {
  }
  for (int row = 0; std::getline(lines, line) && line.starts_with("|"); ++row) {
    if (row < 2) continue;  // heading and rule
    const std::vector<std::string> cells = cells_of(line);
    std::istringstream allowed(cells.at(1));
    std::set<std::string>& folders = table[cells.at(0)];
    for (std::string folder; std::getline(allowed, folder, ',');) folders.insert(folder);
  }
  return table;
}

std::string layer_of(const LayerTable& table, std::string_view path) {
  std::string best;
  for (const auto& [folder, allowed] : table)
    if (path.starts_with(folder + "/") && folder.size() > best.size()) best = folder;
  return best;
}

std::string layer_cycle(const LayerTable& table) {
  std::set<std::string> done;
  std::vector<std::string> path;
  const std::function<std::string(const std::string&)> visit =
      [&](const std::string& folder) -> std::string {
    const auto seen = std::find(path.begin(), path.end(), folder);
    if (seen != path.end()) {
      std::string way;
      for (auto it = seen; it != path.end(); ++it) way += *it + " -> ";
      return way + folder;
    }
    path.push_back(folder);
    if (const auto row = table.find(folder); row != table.end() && !done.contains(folder))
      for (const std::string& below : row->second)
        if (const std::string way = visit(below); !way.empty()) return way;
    path.pop_back();
    done.insert(folder);
    return {};
  };
  for (const auto& [folder, allowed] : table)
    if (const std::string way = visit(folder); !way.empty()) return way;
  return {};
}

namespace {

constexpr std::string_view public_folder = "engine/include/pgpm";

/// A library, by the start of its headers' names, and the only place that may include it.
struct Home {
  std::string_view library, place;
};
constexpr Home homes[] = {
    {"boost/graph/", "engine/resolve/graph.cc"},
    {"boost/program_options", "cli/"},
    {"libpq", "engine/db/"},
    {"postgres_ext.h", "engine/db/"},
    {"openssl/", "engine/text/libcrypto"},
    {"pg_query", "engine/sql/parse_tree_library"},
    {"toml++/", "engine/objects/"},
};

std::string library_problem(const std::string& path, const std::string& name) {
  for (const Home& home : homes)
    if (name.starts_with(home.library) && !path.starts_with(home.place))
      return "<" + name + "> belongs into " + std::string(home.place) + " only";
  if (path.starts_with(public_folder) && name.find_first_of("/.") != std::string::npos)
    return "<" + name + "> in a public header, which has std types only";
  if (path.starts_with("engine/") && name == "iostream")
    return "<iostream> in the engine, which never prints";
  if (path.ends_with(".h") && path.starts_with("engine/") && name == "nlohmann/json.hpp")
    return "<nlohmann/json.hpp> in a header; use <nlohmann/json_fwd.hpp>";
  return {};
}

std::string folder_problem(const LayerTable& table, const std::string& layer,
                           const std::string& name) {
  const std::string target =
      name.starts_with("pgpm/") ? std::string(public_folder) : layer_of(table, name);
  if (target.empty())
    return "\"" + name + "\" is not a path from the repository root into a known folder";
  if (target == layer || target == public_folder) return {};
  if (table.at(layer).contains(target)) return {};
  return layer + " may not include " + target + " (\"" + name + "\")";
}

}  // namespace

std::vector<std::string> include_violations(const LayerTable& table, const SourceFile& file) {
  const std::string layer = layer_of(table, file.path);
  if (layer.empty())
    return {file.path + ": its folder is not in the layer table of engine/README.md"};
  std::vector<std::string> problems;
  for (const Include& include : includes_of(file.text)) {
    const std::string problem = include.quoted ? folder_problem(table, layer, include.name)
                                               : library_problem(file.path, include.name);
    if (!problem.empty())
      problems.push_back(file.path + ":" + std::to_string(include.line) + ": " + problem);
  }
  return problems;
}

std::vector<std::string> naming_violations(const SourceFile& file) {
  static const std::regex in_file_name(
      "(^|[_.-])(managers?|helpers?|utils?|common|misc|stuff)([_.-]|$)");
  static const std::regex in_code(
      R"(\b(\w*(Manager|Helper|Util|Utils|Handler|Processor)(?![a-z])\w*|do_[a-z]\w*)\b)");
  std::vector<std::string> problems;
  std::stringstream parts(file.path);
  for (std::string part; std::getline(parts, part, '/');)
    if (std::regex_search(part, in_file_name))
      problems.push_back(file.path + ": \"" + part + "\" names no idea");
  if (!is_cpp(file.path)) return problems;
  std::istringstream lines(code_of(file.text));
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number)
    if (std::smatch match; std::regex_search(line, match, in_code))
      problems.push_back(file.path + ":" + std::to_string(number) + ": \"" + match[1].str() +
                         "\" names no idea");
  return problems;
}

}  // namespace pgpm::tests
