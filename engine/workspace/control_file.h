// NAME.control as PostgreSQL's CREATE EXTENSION reads it: name = value lines, '#' comments, values
// bare or in single quotes; double quotes are taken too, around a value or around a name in
// `requires`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pgpm/workspace.h"

namespace pgpm {

struct ControlReading {
  ControlFile control;
  std::vector<Diagnostic> diagnostics;
};

/// Never throws for bad input. Empty names in `requires` are dropped; of repeated settings the last
/// counts.
ControlReading read_control(std::string file, std::string_view text);

/// A new control file's text.
std::string control_text(std::string_view name, std::string_view version,
                         const std::vector<std::string>& requires_modules);

/// `text` with another `requires`: the value is replaced, or the line inserted or removed; no other
/// byte changes.
std::string with_requires(std::string_view text, const std::vector<std::string>& requires_modules);

/// The extension's name: the file name up to the first ".control".
std::string control_name(std::string_view file_name);

}  // namespace pgpm
