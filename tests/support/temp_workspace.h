// A directory tree for one test: written from a list of files, removed with the object.
//
//   TempWorkspace tree({{"pgpm.json", R"({"packages": ["packages/*"]})"},
//                       {"packages/app/pgpm.plan", "%project=app\nusers\n"},
//                       {"packages/app/app.control", ""}});
//   Workspace workspace = load_workspace(tree.root());
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <utility>

namespace pgpm::tests {

class TempWorkspace {
 public:
  struct File {
    std::string name, text;
  };
  TempWorkspace(std::initializer_list<File> files = {});
  ~TempWorkspace();
  TempWorkspace(TempWorkspace&& other) noexcept : root_(std::exchange(other.root_, {})) {}
  TempWorkspace& operator=(TempWorkspace&&) = delete;

  /// Canonical, so that it compares equal to what load_workspace reports.
  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path path(const std::string& file) const { return root_ / file; }

  /// Creates the directories too. A name that ends in '/' is an empty directory.
  void write(const std::string& file, const std::string& text);
  std::string read(const std::string& file) const;  ///< "" if there is no such file
  bool exists(const std::string& file) const;
  void remove(const std::string& file);
  void link(const std::string& file, const std::filesystem::path& target);

  /// pgpm.plan (from a plan text), NAME.control and a deploy, revert and verify script for each
  /// change of the plan.
  void write_module(const std::string& dir, const std::string& name, const std::string& plan,
                    const std::string& requires_modules = {});

 private:
  std::filesystem::path root_;
};

}  // namespace pgpm::tests
