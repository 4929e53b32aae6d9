// What is wrong with a script, in words: message, place, line and what to do about it. The only
// texts of this folder.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/sql/outer_transaction.h"
#include "engine/sql/script_header.h"
#include "engine/sql/statements.h"
#include "engine/text/source_text.h"
#include "pgpm/error.h"

namespace pgpm::sql {

/// Adds diagnostics about one text to a list: the first hundred, and how many more there are. A
/// huge file of another kind would otherwise have a problem in each of its lines.
class ScriptProblems {
 public:
  ScriptProblems(const SourceText& source, std::vector<Diagnostic>& out)
      : source_(source), out_(out) {}

  void add_invalid_byte(std::size_t offset);
  void add(const UnknownDirective& directive);
  void add(const Finding& finding);
  /// In a script that is rolled back anyway, no transaction of its own is on offer.
  enum class OwnTransaction { possible, never };
  void add(TransactionFinding::Kind kind, const Statement& statement, OwnTransaction own);
  /// Puts the list in order of place; the last thing to call.
  void finish();

 private:
  void add(Severity severity, std::size_t offset, std::string message, std::string hint);

  const SourceText& source_;
  std::vector<Diagnostic>& out_;
  std::size_t left_out_ = 0;
};

}  // namespace pgpm::sql
