// Which fixture or test of a running deploy.sql is at work, told as checks. Every one of them is a
// statement whose result has a name of its own, so that results tell where the server is.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "engine/db/result.h"
#include "pgpm/observer.h"

namespace pgpm {

class SuiteProgress {
 public:
  /// `paths` of all fixtures and tests that the macros run, in order.
  SuiteProgress(std::string project, std::vector<std::string> paths, Observer& observer);

  /// The server said something: it is at least there.
  void heard(const ServerMessage& notice);
  /// A statement is done.
  void done(const db::Result& result);
  /// The run stops: if it was at a fixture or test, that has failed.
  void failed(const ServerMessage& message, const SourceLocation& where,
              const std::string& source_line);

  std::size_t passed() const { return next_; }
  std::size_t failures() const { return failures_; }
  std::size_t planned() const { return paths_.size(); }

 private:
  CheckFinished check_of(const std::string& path) const;

  std::string project_;
  std::vector<std::string> paths_;
  Observer& observer_;
  std::size_t next_ = 0, failures_ = 0;
  /// The test or fixture at work started about then.
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

/// "./a/x.sql" of a message "Failed in ./a/x.sql: ...", "" if it does not start like that.
std::string path_in_failure(const std::string& message);

}  // namespace pgpm
