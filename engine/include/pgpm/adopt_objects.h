// Managed objects of a database that is there already: each becomes a file that declares it, and is
// remembered as applied from that file. From then on pgpm/objects.h is their workflow.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/objects.h"
#include "pgpm/target.h"

namespace pgpm {

struct AdoptObjectsOptions {
  std::string code_dir;              ///< where files are written; made if it is not there
  std::vector<std::string> schemas;  ///< objects of these only; {} = of all
  /// Migrations that have not run are recorded as run: the database has what they make. "" = none.
  std::string migrations_dir;
  bool dry_run = false;                        ///< nothing is written, neither files nor rows
  std::chrono::milliseconds lock_wait{60000};  ///< for another run to end; 0 = do not wait
};

/// Paths are relative to the code directory.
struct ObjectAdoption {
  /// One object, and what is said of it: comments and grants.
  struct File {
    std::string file;
    std::vector<DeclaredObject> objects;
  };
  std::string database;
  std::vector<File> files;  ///< written, sorted by path
  /// Recorded as well: files declared them already, word for word as the database has them.
  std::vector<DeclaredObject> declared;
  std::vector<std::string> migrations;  ///< recorded as run
  std::size_t managed = 0;              ///< objects that were applied or adopted before
  /// What was left out and why, and what files cannot say about what was not.
  std::vector<Diagnostic> warnings;

  std::size_t recorded() const;
};

/// Writes files for all objects that files can declare and that are not managed yet, and records
/// their hashes, so that plan_objects() finds nothing to do. Tables, sequences and all that they
/// need are left to migrations, objects of extensions to those.
///
/// It all happens or nothing does. Throws Error(refused) naming files that are there already,
/// Error(configuration) for declarations that cannot be read or a schema that is not there. Blocks;
/// one connection, on the calling thread.
ObjectAdoption adopt_objects(const Target& target, const AdoptObjectsOptions& options,
                             std::stop_token stop);

}  // namespace pgpm
