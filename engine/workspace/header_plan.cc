#include "engine/workspace/header_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/script_header.h"
#include "engine/text/file.h"
#include "engine/text/utf8.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/names.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> script_names(const Module& module) {
  std::vector<std::string> names;
  const fs::path root = module.script_folder(Module::ScriptKind::deploy, Module::Instance::newest);
  std::error_code error;
  for (fs::recursive_directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (entry->is_directory(error) && name.starts_with('.')) entry.disable_recursion_pending();
    if (!name.ends_with(".sql") || !entry->is_regular_file(error)) continue;
    std::string change = entry->path().lexically_relative(root).generic_string();
    names.push_back(change.substr(0, change.size() - 4));
  }
  if (error && fs::exists(root))
    throw Error(ErrorCode::other,
                fmt::format("cannot read {}: {}", shown_path(root), error.message()));
  std::sort(names.begin(), names.end());
  return names;
}

Diagnostic wrong_identity(const std::string& file, const std::string& text,
                          const sql::ScriptHeader& header, const std::string& change) {
  const std::size_t offset = header.change_offset;
  const auto line = static_cast<std::size_t>(
                        std::count(text.begin(), text.begin() + static_cast<long>(offset), '\n')) +
                    1;
  const TextLines lines(text);
  return {Severity::error,
          {file, line, 0},
          fmt::format("the header names {}, the file is {}",
                      header.project.empty() ? header.change : header.project + ":" + header.change,
                      change),
          std::string(lines.line(line)),
          "correct the header or the file's name"};
}

std::string without_own_name(const Module& module, const std::string& text) {
  const auto ref = ChangeRef::parse(text);
  if (!ref || ref->module.empty() || !module.is_called(ref->module)) return text;
  return text.substr(ref->module.size() + 1);
}

}  // namespace

std::vector<ScriptNeeds> read_script_needs(const Module& module) {
  std::vector<ScriptNeeds> all;
  std::vector<Diagnostic> problems;
  for (const std::string& change : script_names(module)) {
    if (change.find('@') != std::string::npos) continue;
    const fs::path path = module.script_path(Module::ScriptKind::deploy, change);
    const std::string file = shown_path(path);
    if (const std::string problem = change_name_problem(change); !problem.empty()) {
      problems.push_back(file_finding(
          Severity::error, file, fmt::format("\"{}\" is no change name: {}", change, problem)));
      continue;
    }
    const std::string text = read_regular_file(path).value_or("");
    std::vector<sql::UnknownDirective> unknown;
    const sql::ScriptHeader header = sql::read_script_header(text, byte_order_mark(text), unknown);
    const bool foreign = !header.project.empty() && !module.is_called(header.project);
    if (!header.change.empty() && (header.change != change || foreign))
      problems.push_back(wrong_identity(file, text, header, change));
    ScriptNeeds needs{change, !header.verb.empty() || !header.requires_changes.empty(), {}};
    for (const std::string& reference : header.requires_changes)
      needs.requires_changes.push_back(without_own_name(module, reference));
    all.push_back(std::move(needs));
  }
  if (!problems.empty())
    throw Error(ErrorCode::configuration, "headers of deploy scripts are wrong").with(problems);
  return all;
}

}  // namespace pgpm
