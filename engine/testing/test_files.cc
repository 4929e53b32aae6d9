#include "engine/testing/test_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/text/ascii.h"
#include "pgpm/error.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_test_directory_name(std::string_view name) {
  return name == "__test__" || name == "__tests__";
}

bool is_passed_over(std::string_view name) {
  return name.starts_with('.') || name == "node_modules" || name == "__pycache__";
}

enum class Where { outside, in_tests };

class Scan {
 public:
  explicit Scan(std::string_view apart_if_holding) : apart_if_holding_(apart_if_holding) {}

  void scan(const fs::path& directory, const std::string& shown, Where where) {
    std::error_code error;
    fs::directory_iterator entries(directory, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error))
      look_at(*entries, shown, where);
    if (error) {
      throw Error(ErrorCode::other, fmt::format("could not read directory {}: {}",
                                                directory.native(), error.message()));
    }
  }

  std::vector<std::string> take() {
    std::sort(found_.begin(), found_.end());
    return std::move(found_);
  }

 private:
  void look_at(const fs::directory_entry& entry, const std::string& shown, Where where) {
    std::error_code error;
    const std::string name = entry.path().filename().native();
    if (is_passed_over(name)) return;
    if (entry.is_directory(error)) {
      if (!entry.is_symlink(error) && !is_apart(entry.path()))
        scan(entry.path(), shown + name + '/',
             is_test_directory_name(name) ? Where::in_tests : where);
    } else if (where == Where::in_tests) {
      found_.push_back(shown + name);
    }
  }

  bool is_apart(const fs::path& directory) const {
    std::error_code error;
    return !apart_if_holding_.empty() && fs::exists(directory / apart_if_holding_, error);
  }

  std::string_view apart_if_holding_;
  std::vector<std::string> found_;
};

}  // namespace

bool is_in_test_directory(std::string_view path) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;) {
    const std::size_t next = path.find('/', slash + 1);
    if (next == std::string_view::npos) return false;
    if (is_test_directory_name(path.substr(slash + 1, next - slash - 1))) return true;
    slash = next;
  }
  return false;
}

bool is_sql_file(std::string_view path) {
  static constexpr std::array<std::string_view, 8> extensions{"sql", "ddl",  "dml",   "dql",
                                                              "dcl", "psql", "pgsql", "plpgsql"};
  const std::string_view name = file_name(path);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string extension = lower_case(name.substr(dot + 1));
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

bool is_fixture_file(std::string_view path) {
  const std::string name = lower_case(file_name(path));
  return name == "_setup.sql" || name == "_setup.psql";
}

std::vector<std::string> find_test_files(const fs::path& root, std::string_view apart_if_holding) {
  Scan scan(apart_if_holding);
  scan.scan(root, "./", Where::outside);
  return scan.take();
}

}  // namespace pgpm
