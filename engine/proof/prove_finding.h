// Where in a script to look for an object that a proof is unhappy with. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/migrate/script_store.h"
#include "pgpm/catalog.h"
#include "pgpm/error.h"

namespace pgpm::proof {

/// The statement that names the object best: all the names of its identity rather than its own one
/// only. Nullopt if none names it.
std::optional<SourceLocation> place_naming(const StoredScript& script, const std::string& identity);

/// One finding for each difference, at the statement of the revert script that names the object,
/// else at its first line; the hint says where the deploy script names it.
std::vector<Diagnostic> not_restored_findings(const std::vector<ObjectDifference>& differences,
                                              const StoredScript& revert,
                                              const StoredScript& deploy);

/// A finding at a place in a script, with the line it points at.
Diagnostic finding_at(Severity severity, const StoredScript& script, SourceLocation where,
                      std::string message, std::string hint = {});
/// At the first line of the script; of a file that does not exist, the file.
Diagnostic finding_in(Severity severity, const StoredScript& script, std::string message,
                      std::string hint = {});

}  // namespace pgpm::proof
