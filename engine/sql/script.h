// One deploy, revert or verify file, ready to be sent: the author's bytes, split into statements, with the outer
// transaction blanked out in place so that every offset still means the author's line. Nothing is re-printed.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pgpm/error.h"
#include "engine/text/source_text.h"

namespace pgpm::sql {

/// A top-level statement. [begin, end) are byte offsets into the source, without leading blanks and comments and
/// without the semicolon.
struct Statement {
  std::size_t begin = 0, end = 0;
  enum class Kind {
    ordinary,
    transaction,  ///< BEGIN, COMMIT, ... (blanked if outer, otherwise a diagnostic)
    copy_in,      ///< COPY ... FROM STDIN; data is [data_begin, data_end)
    copy_out,     ///< COPY ... TO STDOUT
  };
  Kind kind = Kind::ordinary;
  bool refuses_transaction = false;  ///< CREATE INDEX CONCURRENTLY, VACUUM, ...
  std::size_t data_begin = 0, data_end = 0;
};

/// What the leading comments of a script say.
struct ScriptHeader {
  std::string verb;     ///< "Deploy", "Revert", "Verify" or ""
  std::string project;  ///< "" if not named
  std::string change;   ///< "" if not named
  std::size_t change_offset = 0;
  std::vector<std::string> requires_changes;  ///< -- requires: X
  bool no_transaction = false;  ///< -- pgpm: no-transaction
  bool irreversible = false;    ///< -- pgpm: irreversible
};

/// Immutable once parsed; cheap to share by shared_ptr.
class Script {
 public:
  /// Never throws for bad content: problems() lists psql commands, transaction statements in the wrong place,
  /// NUL, invalid UTF-8, unterminated quotes/comments, missing COPY data ends.
  static std::shared_ptr<const Script> parse(std::string file, std::string bytes);

  const SourceText& source() const { return source_; }
  const ScriptHeader& header() const { return header_; }
  const std::vector<Diagnostic>& problems() const { return problems_; }
  /// In order, those to send: outer BEGIN/COMMIT and psql guard lines are not among them.
  std::span<const Statement> statements() const { return statements_; }
  /// Header or statements say it cannot run inside a transaction.
  bool transactional() const { return transactional_; }
  bool has_copy_data() const { return has_copy_data_; }
  /// The source's bytes as they are sent when there is no COPY data: same length, a BOM, outer transaction
  /// statements and psql guard lines blanked. Offsets equal the source's.
  std::string_view sendable() const { return sendable_; }

 private:
  SourceText source_;
  ScriptHeader header_;
  std::vector<Diagnostic> problems_;
  std::vector<Statement> statements_;
  std::string sendable_storage_;  // only if something had to be blanked
  std::string_view sendable_;
  bool transactional_ = true;
  bool has_copy_data_ = false;
};

}  // namespace pgpm::sql
