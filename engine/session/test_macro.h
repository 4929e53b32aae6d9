// CALL pgmi_test(...); in a deploy.sql: the one thing the engine rewrites before it sends it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/source_text.h"

namespace pgpm {

struct TestMacro {
  std::size_t begin = 0, end = 0;  ///< bytes of the script, the semicolon included
  std::optional<std::string> pattern, callback;
};

/// Statements of the script that are exactly the macro: CALL [pg_temp.]pgmi_test([pattern [,
/// callback]]); with NULL or a plain 'literal' (no quote in it) as pattern and a plain literal as
/// callback; '' means none. Anything else is left to the server.
std::vector<TestMacro> find_test_macros(std::string_view script);

/// Throws Error(configuration) with the macro's place if its callback is no name or schema.name of
/// unquoted ASCII identifiers.
void require_callback_names(const SourceText& script, const std::vector<TestMacro>& macros);

}  // namespace pgpm
