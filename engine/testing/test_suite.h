// The tests of one module with everything that is needed to run them: the plan and its scripts,
// read and looked over. Immutable once loaded.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/sql/script.h"
#include "engine/testing/test_plan.h"

namespace pgpm {

struct TestSuite {
  std::string module;  ///< as events name it
  std::vector<TestStep> plan;
  std::map<std::string, std::shared_ptr<const sql::Script>> scripts;  ///< by TestStep::path

  bool empty() const { return plan.empty(); }
  /// What keeps its scripts from being run: transaction control, statements that refuse
  /// transactions, psql commands, and warnings beside them.
  std::vector<Diagnostic> problems() const;
};

/// Reads the scripts of a plan whose paths start at `root`. A file may be in an outer BEGIN ...
/// ROLLBACK (or COMMIT), as pgTAP's are: it is left out. Throws Error(other) for a file that cannot
/// be read, Error(configuration) for what is no file, and for a link that leaves `root`.
TestSuite load_test_suite(std::string module, const std::filesystem::path& root,
                          std::vector<TestStep> plan);

/// A path as people see it: without the "./".
std::string shown_test_path(const std::string& path);

}  // namespace pgpm
