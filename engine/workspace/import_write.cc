#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <memory>

#include "engine/text/file.h"
#include "engine/text/file_changes.h"
#include "engine/text/new_files.h"
#include "engine/workspace/module_search.h"
#include "engine/workspace/plan_writer.h"
#include "pgpm/import.h"
#include "pgpm/scaffold.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;
using Existing = ImportPlace::Existing;

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

std::string deploy_script(const ImportedModule::ImportedChange& change) {
  std::string text = fmt::format("-- Deploy: {}\n", change.name);
  for (const std::string& name : change.requires_changes)
    text += fmt::format("-- requires: {}\n", name);
  return text + "\n" + change.deploy;
}

/// The module that is in the way, out of it; back again unless all goes well.
class Former {
 public:
  Former(const fs::path& dir, Existing existing, const std::string& name) : dir_(dir) {
    std::error_code error;
    if (!fs::exists(dir / "pgpm.plan", error)) return;
    if (existing == Existing::refuse)
      throw Error(ErrorCode::configuration, fmt::format("{} exists already", shown_path(dir)))
          .hint("--write replaces it");
    if (read_plan_file(shown_path(dir / "pgpm.plan")).project != name)
      throw Error(ErrorCode::configuration,
                  fmt::format("{} is another module than {}", shown_path(dir), name))
          .hint("import into another folder");
    // Hidden, so that nobody takes it for a module meanwhile.
    aside_ = dir.parent_path() / fmt::format(".{}.{}", dir.filename().string(), getpid());
    fs::rename(dir, aside_);
  }
  ~Former() {
    std::error_code error;
    if (aside_.empty()) return;
    if (kept_) {
      fs::remove_all(aside_, error);
      return;
    }
    fs::remove_all(dir_, error);
    fs::rename(aside_, dir_, error);
  }
  Former(const Former&) = delete;
  Former& operator=(const Former&) = delete;
  void replaced() { kept_ = true; }

 private:
  fs::path dir_, aside_;
  bool kept_ = false;
};

/// One module on its way to the disk; gone again with this, unless keep() was called.
class ModuleFiles {
 public:
  ModuleFiles(const ImportPlace& place, const ImportedModule& module, const Authorship& by)
      : options_(init_options(place, module)),
        base_(place.folder.empty() ? place.start : place.folder),
        written_{module.name, new_module_folder(base_, options_), {}},
        former_(written_.dir, place.existing, module.name),
        scripts_(written_.dir) {
    try {
      for (const char* folder : {"deploy", "revert", "verify"})
        folders_.make_folders(written_.dir / folder);
      written_.files = init(base_, options_);
      write_scripts(module, plan_lines(module, by));
    } catch (...) {
      remove_scaffold();
      throw;
    }
  }
  ~ModuleFiles() {
    if (!kept_) remove_scaffold();
  }
  ModuleFiles(const ModuleFiles&) = delete;
  ModuleFiles& operator=(const ModuleFiles&) = delete;

  WrittenModule written() const {
    WrittenModule all = written_;
    const std::string prefix =
        written_.dir.lexically_relative(fs::canonical(base_)).generic_string();
    for (const std::string& file : scripts_.written())
      all.files.push_back(prefix == "." || prefix.empty() ? file : prefix + "/" + file);
    return all;
  }
  void keep() {
    kept_ = true;
    former_.replaced();
    folders_.keep();
    scripts_.keep();
  }

 private:
  static InitOptions init_options(const ImportPlace& place, const ImportedModule& module) {
    InitOptions options;
    options.name = module.name;
    options.requires_modules = module.extensions;
    options.requires_modules.insert(options.requires_modules.end(), module.modules.begin(),
                                    module.modules.end());
    if (!place.folder.empty()) options.folder = module.name;
    return options;
  }

  void write_scripts(const ImportedModule& module, const std::string& lines) {
    for (const ImportedModule::ImportedChange& change : module.changes) {
      scripts_.write(fmt::format("deploy/{}.sql", change.name), deploy_script(change));
      scripts_.write(fmt::format("revert/{}.sql", change.name),
                     fmt::format("-- Revert: {}\n\n{}", change.name, change.revert));
      scripts_.write(fmt::format("verify/{}.sql", change.name),
                     fmt::format("-- Verify: {}\n\n{}", change.name, change.verify));
    }
    const fs::path plan = written_.dir / "pgpm.plan";
    write_plan_file(shown_path(plan), read_regular_file(plan).value_or("") + lines);
  }

  void remove_scaffold() {
    std::error_code error;
    for (const std::string& file : written_.files) fs::remove(base_ / file, error);
  }

  InitOptions options_;
  fs::path base_;
  WrittenModule written_;
  Former former_;
  FileChanges folders_;
  NewFiles scripts_;
  bool kept_ = false;
};

}  // namespace

std::string import_sql(const std::vector<ImportedModule>& modules) {
  std::string text;
  for (const ImportedModule& module : modules)
    for (const ImportedModule::ImportedChange& change : module.changes)
      text += fmt::format("-- {}:{}\n{}\n", module.name, change.name, change.deploy);
  return text;
}

class ImportedFiles::Files : public std::vector<std::unique_ptr<ModuleFiles>> {};

ImportedFiles::ImportedFiles(const ImportPlace& place, const std::vector<ImportedModule>& modules,
                             const Authorship& by)
    : files_(std::make_unique<Files>()) {
  ImportPlace chosen = place;
  // A folder that is no workspace can be one module, not several.
  if (modules.size() > 1 && place.folder.empty() &&
      nearest_with(fs::absolute(place.start), "pgpm.json").empty())
    chosen.folder = place.start;
  for (const ImportedModule& module : modules)
    files_->push_back(std::make_unique<ModuleFiles>(chosen, module, by));
  for (const auto& module : *files_) modules_.push_back(module->written());
}

ImportedFiles::~ImportedFiles() = default;

void ImportedFiles::keep() {
  for (const auto& module : *files_) module->keep();
}

}  // namespace pgpm
