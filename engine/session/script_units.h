// deploy.sql cut into what is sent as one message each. The head is everything up to the first
// statement that ends a transaction; behind it every statement goes by itself, so that what refuses
// transactions can stand there. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/session/test_macro.h"

namespace pgpm {

/// Bytes of the text, [begin, end).
struct ScriptUnit {
  std::size_t begin = 0, end = 0;
};

/// At least one. If nothing but blanks and comments follows the head, the one unit is the text.
std::vector<ScriptUnit> split_units(std::string_view text);

/// Who has to open the transaction that a macro's savepoints need.
enum class HeadTransaction {
  as_written,  ///< no macro in the head, or BEGIN in front of it
  begin,       ///< we open it; the script ends it
  begin_and_commit,
};
HeadTransaction head_transaction(std::string_view script, const std::vector<TestMacro>& macros);

}  // namespace pgpm
