#include "engine/workspace/template_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>

#include "engine/text/ascii.h"
#include "engine/text/file.h"
#include "pgpm/error.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark = "____";
constexpr std::size_t most_files = 2000;
constexpr std::size_t most_bytes = 16U << 20;

bool is_left_out(const std::string& name) {
  return name == ".git" || name == "node_modules" || name == ".boilerplate.json" ||
         name == ".boilerplates.json";
}

fs::path directory_of(const fs::path& dir, const std::string& kind) {
  std::error_code error;
  if (!fs::is_directory(dir, error))
    throw Error(ErrorCode::configuration,
                fmt::format("the template {} is no directory", dir.string()));
  const fs::path inside = dir / kind;
  return fs::is_directory(inside, error) ? inside : dir;
}

/// Calls `found` for every "____name____", with the place of the whole.
void each_variable(std::string_view text,
                   const std::function<void(std::size_t, std::string_view)>& found) {
  for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at)) {
    std::size_t end = at + mark.size();
    // A name has no "__" in it, so that the closing mark is found behind "a_b" as well.
    while (end < text.size() &&
           (is_alnum(text[end]) ||
            (text[end] == '_' && end + 1 < text.size() && text[end + 1] != '_')))
      ++end;
    const std::string_view name = text.substr(at + mark.size(), end - at - mark.size());
    if (!name.empty() && text.substr(end, mark.size()) == mark) {
      found(at, name);
      at = end + mark.size();
    } else {
      ++at;
    }
  }
}

std::string replaced(const std::string& text, const std::map<std::string, std::string>& values) {
  std::string result;
  std::size_t copied = 0;
  each_variable(text, [&](std::size_t at, std::string_view name) {
    const auto value = values.find(std::string(name));
    if (value == values.end()) return;
    result += text.substr(copied, at - copied) + value->second;
    copied = at + name.size() + 2 * mark.size();
  });
  return result + text.substr(copied);
}

}  // namespace

NamedTexts read_template(const fs::path& dir, const std::string& kind) {
  const fs::path root = directory_of(dir, kind);
  NamedTexts files;
  std::size_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    const bool skipped = is_left_out(entry->path().filename().string());
    if (entry->is_symlink(error) && !skipped)
      throw Error(ErrorCode::configuration,
                  fmt::format("the template has a link: {}", entry->path().string()));
    if (entry->is_directory(error)) {
      if (skipped) entry.disable_recursion_pending();
      continue;
    }
    if (skipped) continue;
    const std::string text = read_regular_file(entry->path()).value_or("");
    bytes += text.size();
    files.emplace_back(entry->path().lexically_relative(root).generic_string(), text);
    if (files.size() > most_files || bytes > most_bytes)
      throw Error(ErrorCode::configuration,
                  fmt::format("the template {} is too large", root.string()))
          .hint("it may have 2,000 files and 16 MB");
  }
  if (error)
    throw Error(ErrorCode::other,
                fmt::format("cannot read {}: {}", root.string(), error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> variables_in(const NamedTexts& files) {
  std::set<std::string> names;
  for (const auto& [path, text] : files)
    for (const std::string* part : {&path, &text})
      each_variable(*part, [&](std::size_t, std::string_view name) { names.emplace(name); });
  return {names.begin(), names.end()};
}

NamedTexts substituted(const NamedTexts& files, const std::map<std::string, std::string>& values) {
  std::vector<std::string> open;
  for (const std::string& name : variables_in(files))
    if (!values.contains(name)) open.push_back(name);
  if (!open.empty())
    throw Error(ErrorCode::configuration,
                fmt::format("the template needs values for: {}", fmt::join(open, ", ")))
        .hint(fmt::format("give them: --set {}=VALUE", open.front()));
  NamedTexts result;
  for (const auto& [path, text] : files)
    result.emplace_back(replaced(path, values), replaced(text, values));
  return result;
}

}  // namespace pgpm
