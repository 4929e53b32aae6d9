// Modules as packages: what `pgpm package` writes and checks, and what a module's files must say
// about its name and version. Nothing here touches a database or a network.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "pgpm/error.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// What package.json says, as far as packages need it; empty strings where it says nothing.
struct NpmFields {
  std::string name, version;
  std::vector<std::pair<std::string, std::string>> dependencies;  ///< npm name, version or range
};
/// Throws Error(configuration) if the file is missing or no JSON object.
NpmFields read_npm_fields(const std::filesystem::path& package_json);

/// What packaging a module writes, below the module's folder.
struct PackagedModule {
  std::string package, version;
  std::string sql_file, sql;          ///< "sql/NAME--VERSION.sql": for CREATE EXTENSION
  std::string bundle_file, manifest;  ///< "sql/NAME--VERSION.bundle.tar.gz", its JSON document
  /// Control file and Makefile with that version, where they say another.
  std::vector<std::pair<std::string, std::string>> other_files;
  std::vector<std::string> stale;          ///< files of other versions in sql/ that go
  std::vector<std::string> files() const;  ///< what is written, in that order
};
/// Decides it: every deploy script in plan order, as its author wrote it, without outer
/// transaction, CREATE EXTENSION and psql guard lines; the version is package.json's. Throws
/// Error(configuration) with every problem: scripts missing or wrong, and statements that an
/// extension script cannot hold (COPY data, CREATE INDEX CONCURRENTLY and the like).
PackagedModule package_module(const Module& module);
/// Writes all of them or nothing. Files of sql/ that are no package of the module are left alone.
void write_packages(const std::vector<std::pair<const Module*, PackagedModule>>& packages);

/// Just the bundle of the module as it is on disk, into a file of any name.
void write_bundle(const Module& module, const std::filesystem::path& archive);

/// How the stored bundle of a module compares with its plan and scripts.
struct PackageState {
  std::string package;
  /// "" = in sync; else "missing-artifact", "unreadable-artifact", "integrity" or "out-of-sync".
  std::string drift;
  std::string detail;
};
PackageState check_package(const Module& module);

/// What is wrong with the files that make a module a package. Codes are upstream's.
struct ModuleIssue {
  std::string code, message, file;
};
std::vector<ModuleIssue> analyze_module(const Module& module);

/// package.json's version against the control file's, and whether it is packaged.
struct VersionState {
  std::string package, npm_version, control_version;
  bool packaged = false;
  bool in_sync() const { return npm_version == control_version && packaged; }
};
VersionState version_state(const Module& module);

}  // namespace pgpm
