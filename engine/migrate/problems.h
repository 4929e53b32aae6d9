// Problems found before the first write, gathered so that all of them are shown at once. The first
// one's kind decides how the run ends.
#pragma once

#include <string>
#include <vector>

#include "pgpm/error.h"

namespace pgpm {

class Problems {
 public:
  void add(ErrorCode code, Diagnostic diagnostic);
  void add(ErrorCode code, SourceLocation where, std::string message, std::string hint = {});
  /// What was found wrong with a script that is to be sent: warnings stay warnings.
  void add_script(const std::vector<Diagnostic>& found);
  void warn(SourceLocation where, std::string message, std::string hint = {});

  bool empty() const { return found_.empty(); }
  const std::vector<Diagnostic>& warnings() const { return warnings_; }
  /// Throws Error with every problem if there is any; `summary` says what was refused ("deploy
  /// refused").
  void throw_if_any(const std::string& summary) const;

 private:
  ErrorCode first_ = ErrorCode::internal;
  std::vector<Diagnostic> found_;
  std::vector<Diagnostic> warnings_;
};

}  // namespace pgpm
