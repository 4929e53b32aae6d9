#include "tests/support/temp_workspace.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "pgpm/plan.h"

namespace pgpm::tests {

namespace fs = std::filesystem;

TempWorkspace::TempWorkspace(std::initializer_list<File> files) {
  std::string pattern = (fs::temp_directory_path() / "pgpm-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  root_ = fs::canonical(pattern);
  // Tests that run a server as another user must be able to read it.
  fs::permissions(root_, fs::perms(0755));
  for (const File& file : files) write(file.name, file.text);
}

TempWorkspace::~TempWorkspace() {
  std::error_code ignored;
  if (!root_.empty()) fs::remove_all(root_, ignored);
}

void TempWorkspace::write(const std::string& file, const std::string& text) {
  if (file.ends_with('/')) {
    fs::create_directories(root_ / file);
    return;
  }
  fs::create_directories((root_ / file).parent_path());
  std::ofstream out(root_ / file, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
}

std::string TempWorkspace::read(const std::string& file) const {
  std::ifstream in(root_ / file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  return text.str();
}

bool TempWorkspace::exists(const std::string& file) const {
  return fs::exists(root_ / file);
}

void TempWorkspace::remove(const std::string& file) {
  fs::remove_all(root_ / file);
}

void TempWorkspace::link(const std::string& file, const fs::path& target) {
  fs::create_directories((root_ / file).parent_path());
  fs::create_symlink(target, root_ / file);
}

void TempWorkspace::write_module(const std::string& dir, const std::string& name,
                                 const std::string& plan, const std::string& requires_modules) {
  write(dir + "/pgpm.plan", plan);
  write(dir + "/" + name + ".control",
        "default_version = '0.0.1'\n" +
            (requires_modules.empty() ? std::string() : "requires = '" + requires_modules + "'\n"));
  for (const Change& change : read_plan(name, plan).plan.changes) {
    const std::string script = change.script_name.empty() ? change.name : change.script_name;
    for (const char* verb : {"Deploy", "Revert", "Verify"}) {
      const std::string folder = std::string(1, static_cast<char>(verb[0] + 32)) + (verb + 1);
      write(dir + "/" + folder + "/" + script + ".sql",
            std::string("-- ") + verb + ": " + change.name + "\nSELECT 1;\n");
    }
  }
}

}  // namespace pgpm::tests
