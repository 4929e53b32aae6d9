// pgpm regen: revert and verify scripts derived from deploy scripts.
#pragma once

#include <string>
#include <vector>

#include "pgpm/workspace.h"

namespace pgpm {

struct RegenOptions {
  std::vector<std::string> changes;  ///< change references; empty = every change of the plan
  bool revert = true, verify = true;
  /// What happens to scripts that have a statement. Those that say that they are irreversible are
  /// kept in any case.
  enum class Written { keep, replace } written = Written::keep;
};

struct Regeneration {
  struct Script {
    std::string kind, change;  ///< "revert" or "verify"; script name
    std::string file, text;    ///< relative to the module
    std::string replaces;      ///< the text it takes the place of; "" if nothing is lost
  };
  std::vector<Script> scripts;
  std::size_t kept = 0;              ///< scripts that are there already and stay
  std::vector<Diagnostic> warnings;  ///< statements that nothing undoes, each with its place
};

/// Derives what is missing, or holds nothing but comments, or shall be replaced. What nothing
/// undoes is told in the script and as a warning: it must be written by hand. Throws
/// Error(configuration) for unknown changes and deploy scripts that cannot be read,
/// Error(script_missing).
Regeneration derive_scripts(const Module& module, const RegenOptions& options);
/// Writes all of them or none. Never overwrites a script that has a statement, except the very text
/// it `replaces`. Returns the files written. Throws Error(other) if one was written meanwhile.
std::vector<std::string> write_scripts(const Module& module, const Regeneration& regeneration);

}  // namespace pgpm
