// What psql would take for itself instead of sending it. Only recognised here, never executed.
#pragma once

#include <string>
#include <string_view>

namespace pgpm::sql {

/// A line like \echo Use "CREATE EXTENSION x" to load this file. \quit
/// All three take the text from the backslash to the end of the line.
bool is_psql_guard(std::string_view line);
/// \copy ... from stdin, which has data lines behind it.
bool is_psql_copy_in(std::string_view line);
/// The command with its backslash: "\i", "\set", "\!".
std::string_view psql_command_name(std::string_view line);
/// What to write instead.
std::string psql_command_hint(std::string_view line);

}  // namespace pgpm::sql
