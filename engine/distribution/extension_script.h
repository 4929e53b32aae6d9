// The SQL of CREATE EXTENSION: every deploy script, as written.
#pragma once

#include <string>
#include <vector>

#include "pgpm/workspace.h"

namespace pgpm {

/// Problems are appended; with an error among them the text must not be used.
std::string extension_script(const Module& module, std::vector<Diagnostic>& problems);

/// A deploy script's text without outer transaction and psql guard lines, as upstream's `exec`; the
/// bytes themselves if there are none.
std::string executable_text(const std::string& file, const std::string& bytes);

}  // namespace pgpm
