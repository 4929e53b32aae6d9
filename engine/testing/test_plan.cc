#include "engine/testing/test_plan.h"

#include <algorithm>
#include <map>

#include "engine/testing/test_files.h"

namespace pgpm {
namespace {

std::string directory_of(const std::string& path) {
  return path.substr(0, path.rfind('/') + 1);
}

/// "./a/__test__/b/" is 1 below "./a/__test__/".
std::size_t depth_of(const std::string& directory) {
  std::size_t depth = 0;
  for (std::size_t end = directory.find('/'); end != std::string::npos;
       end = directory.find('/', end + 1))
    if (is_in_test_directory(directory.substr(0, end + 1))) ++depth;
  return depth - 1;
}

struct Node {
  const TestDirectory* directory = nullptr;
  std::vector<std::string> fixtures, tests;  // only those that are wanted, by name
  std::vector<Node*> children;
  bool is_wanted() const {
    return !tests.empty() || std::any_of(children.begin(), children.end(),
                                         [](Node* child) { return child->is_wanted(); });
  }
};

class Planner {
 public:
  Planner(const std::vector<std::string>& paths, const TestFilter& filter)
      : directories_(test_directories(paths)) {
    for (const TestDirectory& directory : directories_) add_directory(directory);
    for (const std::string& path : paths) add_file(path, filter);
  }

  std::vector<TestStep> plan() {
    for (Node* root : roots_) visit(*root);
    return std::move(steps_);
  }

 private:
  /// Parents come before their children: they are a prefix.
  void add_directory(const TestDirectory& directory) {
    Node& node = nodes_[directory.path];
    node.directory = &directory;
    (directory.parent.empty() ? roots_ : nodes_[directory.parent].children).push_back(&node);
  }

  void add_file(const std::string& path, const TestFilter& filter) {
    if (!is_sql_file(path) || !is_in_test_directory(path)) return;
    Node& node = nodes_[directory_of(path)];
    if (is_fixture_file(path))
      node.fixtures.push_back(path);
    else if (!filter || filter(path))
      node.tests.push_back(path);
  }

  void visit(Node& node) {
    if (!node.is_wanted()) return;
    std::sort(node.fixtures.begin(), node.fixtures.end());
    std::sort(node.tests.begin(), node.tests.end());
    for (const std::string& path : node.fixtures) add(TestStep::Kind::fixture, path, node);
    for (const std::string& path : node.tests) add(TestStep::Kind::test, path, node);
    for (Node* child : node.children) visit(*child);
    add(TestStep::Kind::teardown, {}, node);
  }

  void add(TestStep::Kind kind, const std::string& path, const Node& node) {
    steps_.push_back({steps_.size() + 1, kind, path, node.directory->path, node.directory->depth});
  }

  std::vector<TestDirectory> directories_;
  std::map<std::string, Node> nodes_;
  std::vector<Node*> roots_;
  std::vector<TestStep> steps_;
};

}  // namespace

std::vector<TestDirectory> test_directories(const std::vector<std::string>& paths) {
  std::map<std::string, TestDirectory> found;
  for (const std::string& path : paths) {
    if (!is_in_test_directory(path)) continue;
    const std::string directory = directory_of(path);
    found.emplace(directory, TestDirectory{directory, {}, depth_of(directory)});
  }
  std::vector<TestDirectory> directories;
  for (auto& [path, directory] : found) {
    for (std::string above = path; directory.parent.empty() && !above.empty();) {
      above.pop_back();
      above = directory_of(above);
      if (found.contains(above)) directory.parent = above;
    }
    directories.push_back(directory);
  }
  return directories;
}

const char* test_step_name(TestStep::Kind kind) {
  switch (kind) {
    case TestStep::Kind::fixture:
      return "fixture";
    case TestStep::Kind::test:
      return "test";
    case TestStep::Kind::teardown:
      return "teardown";
  }
  return "";
}

std::vector<TestStep> plan_tests(const std::vector<std::string>& paths, const TestFilter& filter) {
  return Planner(paths, filter).plan();
}

std::size_t count_tests(const std::vector<TestStep>& plan) {
  return static_cast<std::size_t>(std::count_if(plan.begin(), plan.end(), [](const TestStep& step) {
    return step.kind == TestStep::Kind::test;
  }));
}

}  // namespace pgpm
