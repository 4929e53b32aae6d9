// One deploy, revert or verify file, ready to be sent: the author's bytes, split into statements,
// with the outer transaction blanked out in place so that every offset still means the author's
// line. Nothing is re-printed. Surprising: a blank is one byte per byte, so behind a blanked byte
// order mark or a blanked "é" the text sent has more characters than the source. Count the server's
// character positions in what was sent, then use byte offsets.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/script_header.h"
#include "engine/sql/statements.h"
#include "engine/text/source_text.h"
#include "pgpm/error.h"

namespace pgpm::sql {

/// A part of the text, [begin, end).
struct TextRange {
  std::size_t begin = 0, end = 0;
};

/// What becomes of what a script does. A ROLLBACK at the end of one that is to last is a mistake;
/// in one that is rolled back anyway it is a habit of the format.
enum class ScriptUse {
  as_file_says,  ///< verifying or lasting: its path says so, else its header
  lasting,       ///< what it does stays
  verifying,     ///< a change's verify script: rolled back
  rolled_back,   ///< no script of a change
};

/// Immutable once parsed; cheap to share by shared_ptr.
class Script {
 public:
  /// Never throws for bad content: problems() lists psql commands, transaction statements in the
  /// wrong place, NUL, invalid UTF-8, unterminated quotes/comments, missing COPY data ends.
  static std::shared_ptr<const Script> parse(std::string file, std::string bytes,
                                             ScriptUse use = ScriptUse::as_file_says);

  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  const SourceText& source() const { return source_; }
  const ScriptHeader& header() const { return header_; }
  /// By place. Only those of Severity::error keep the script from being run.
  const std::vector<Diagnostic>& problems() const { return problems_; }
  bool has_errors() const;
  /// In order, those to send: outer BEGIN/COMMIT and psql guard lines are not among them.
  std::span<const Statement> statements() const { return statements_; }
  /// Header or statements say it cannot run inside a transaction.
  bool transactional() const { return transactional_; }
  bool has_copy_data() const { return has_copy_data_; }
  /// The server will refuse it, as long as no other script that follows in the same message closes
  /// the parenthesis.
  bool has_open_parenthesis() const { return has_open_parenthesis_; }
  /// The source's bytes as they are sent when there is no COPY data: same length, a BOM, outer
  /// transaction statements and psql guard lines blanked. Byte offsets equal the source's. Makes a
  /// copy on first use if anything is blanked: append_sendable() never does.
  std::string_view sendable() const;
  /// Appends the part [begin, end) of sendable().
  void append_sendable(std::string& out, std::size_t begin, std::size_t end) const;
  void append_sendable(std::string& out) const { append_sendable(out, 0, source_.bytes().size()); }

 private:
  friend class ScriptParser;
  Script(std::string file, std::string bytes) : source_(std::move(file), std::move(bytes)) {}

  SourceText source_;
  ScriptHeader header_;
  std::vector<Diagnostic> problems_;
  std::vector<Statement> statements_;
  std::vector<TextRange> blanked_;  // in order; line ends inside are kept
  bool transactional_ = true;
  bool has_copy_data_ = false;
  bool has_open_parenthesis_ = false;
  mutable std::once_flag copied_;
  mutable std::string copy_;  // of the text with its blanks, once somebody asked for it as a whole
};

}  // namespace pgpm::sql
