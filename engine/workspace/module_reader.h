// One module directory to a Module: its control file, plan and package.json.
#pragma once

#include <vector>

#include "engine/workspace/module_search.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// Reads the module. Everything wrong with it is appended to `diagnostics`; nothing is thrown for
/// bad content.
Module read_module(const ModuleDirectory& directory, std::vector<Diagnostic>& diagnostics);

/// Decides the script name of every superseded change from what is on disk: of the tags between it
/// and its rework, newest first, the first one whose deploy/NAME@TAG.sql exists; else the newest.
void choose_script_names(Module& module);

}  // namespace pgpm
