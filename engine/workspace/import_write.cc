#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/text/file.h"
#include "engine/workspace/new_files.h"
#include "engine/workspace/plan_writer.h"
#include "pgpm/import.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

std::string plan_lines(const ImportedModule& imported, const Authorship& by) {
  std::string text;
  for (const ImportedModule::ImportedChange& change : imported.changes) {
    text += change.name + " ";
    if (!change.requires_changes.empty())
      text += fmt::format("[{}] ", fmt::join(change.requires_changes, " "));
    text += authored(by, "import " + change.name) + "\n";
  }
  return text;
}

fs::path plan_in(const fs::path& start, const std::vector<std::string>& files) {
  for (const std::string& file : files)
    if (file == "pgpm.plan" || file.ends_with("/pgpm.plan")) return start / file;
  throw Error(ErrorCode::internal, "a module without a plan was made");
}

}  // namespace

std::vector<std::string> write_import(const fs::path& start, const std::string& name,
                                      const ImportedModule& imported, const Authorship& by) {
  const std::string lines = plan_lines(imported, by);
  std::vector<std::string> written = init_module(start, name, imported.extensions);
  const fs::path plan = plan_in(start, written);
  NewFiles files(plan.parent_path());
  for (const ImportedModule::ImportedChange& change : imported.changes) {
    files.write(fmt::format("deploy/{}.sql", change.name), change.deploy);
    files.write(fmt::format("revert/{}.sql", change.name), change.revert);
    files.write(fmt::format("verify/{}.sql", change.name), change.verify);
  }
  write_plan_file(shown_path(plan), read_regular_file(plan).value_or("") + lines);
  const std::string prefix = plan.parent_path().lexically_relative(start).generic_string();
  for (const std::string& file : files.keep())
    written.push_back(prefix == "." || prefix.empty() ? file : prefix + "/" + file);
  return written;
}

}  // namespace pgpm
