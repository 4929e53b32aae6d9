// Collects what is wrong with one file, each finding with its line's text. It has an upper limit: a
// file that is not a plan at all must not turn into a report of its own size.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pgpm/error.h"

namespace pgpm {

/// The lines of a text, without line ends (LF or CRLF) and without a byte order mark. A view:
/// `text` must outlive it.
class TextLines {
 public:
  explicit TextLines(std::string_view text);

  std::size_t count() const { return starts_.size(); }
  std::string_view line(std::size_t number) const;  ///< from 1; "" beyond the end
  std::size_t offset(std::size_t number) const { return starts_[number - 1]; }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

class Findings {
 public:
  Findings(std::string file, const TextLines& lines) : file_(std::move(file)), lines_(lines) {}

  /// `line` and `column` from 1, 0 = the whole file (line).
  void add(Severity severity, std::size_t line, std::size_t column, std::string message,
           std::string hint = {});
  std::vector<Diagnostic> take();  ///< sorted by line and column

 private:
  std::string file_;
  const TextLines& lines_;
  std::vector<Diagnostic> found_;
  std::size_t dropped_ = 0;
};

/// A finding about a file as a whole.
Diagnostic file_finding(Severity severity, std::string file, std::string message,
                        std::string hint = {});

}  // namespace pgpm
