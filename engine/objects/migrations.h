// Migrations: scripts of a directory, each run once, in order of their names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/objects/state.h"
#include "engine/sql/script.h"

namespace pgpm::objects {

struct Migration {
  std::string name;  ///< the file's without .sql: what is recorded
  std::string file;  ///< the file's name
  std::shared_ptr<const sql::Script> script;
  StoredMigration digests;
};

struct MigrationPlan {
  std::vector<Migration> pending;
  std::vector<Diagnostic> warnings;
};

/// Throws Error(configuration) for scripts that cannot run, Error(edited_script) for such as ran
/// and are different now.
MigrationPlan plan_migrations(const std::string& dir, const ObjectState& state);

}  // namespace pgpm::objects
