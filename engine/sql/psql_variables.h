// psql's variables in a script: `:name`, `:'name'` (as a literal), `:"name"` (as an identifier) and
// `:{?name}` (whether it is set), as scripts written for Sqitch use them. Replaced where psql would:
// in statements, not in strings, quoted names, comments, dollar quotes and COPY data. A variable
// that is not set stays as it is written, so that an array slice [1:n] keeps its meaning.
// Format: PostgreSQL's documentation of psql, "SQL Interpolation".
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace pgpm::sql {

using PsqlVariables = std::map<std::string, std::string, std::less<>>;

/// The text with values in place of variables. A value is not looked at again.
std::string with_psql_variables(std::string_view text, const PsqlVariables& variables);

/// Letters, digits, underscores and bytes above 127, at least one.
bool is_psql_variable_name(std::string_view name);

}  // namespace pgpm::sql
