// pgpm regen: revert and verify scripts derived from deploy scripts.
#pragma once

#include <string>
#include <vector>

#include "pgpm/workspace.h"

namespace pgpm {

struct RegenOptions {
  std::vector<std::string> changes;  ///< change references; empty = every change of the plan
  bool revert = true, verify = true;
};

struct Regeneration {
  struct Script {
    std::string kind, change;  ///< "revert" or "verify"; script name
    std::string file, text;    ///< relative to the module
  };
  std::vector<Script> scripts;
  std::size_t kept = 0;              ///< scripts that are there already
  std::vector<Diagnostic> warnings;  ///< statements that nothing undoes, each with its place
};

/// Derives what is missing, or holds nothing but comments. What nothing undoes is told in the
/// script and as a warning: it must be written by hand. Throws Error(configuration) for unknown
/// changes and deploy scripts that cannot be read, Error(script_missing).
Regeneration derive_scripts(const Module& module, const RegenOptions& options);
/// Never overwrites a script that has a statement. Returns the files written.
std::vector<std::string> write_scripts(const Module& module, const Regeneration& regeneration);

}  // namespace pgpm
