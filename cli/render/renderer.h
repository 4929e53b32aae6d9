// One way of showing a command's outcome. Runs arrive as events; commands that answer a question
// give an Answer. Every command ends with exactly one finish() or fail().
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "pgpm/error.h"
#include "pgpm/observer.h"

namespace pgpm::cli {

/// The answer of a command that does not run anything, ready in each form.
struct Answer {
  std::string text;                     ///< for people; ends with a newline unless empty
  std::string document;                 ///< one JSON document
  std::vector<std::string> lines;       ///< JSON lines; empty = the document on one line
  std::vector<Diagnostic> diagnostics;  ///< what a `github` rendering annotates
};

class Renderer : public Observer {
 public:
  virtual void answer(const Answer& answer) = 0;
  /// The command went through (it may still have a verdict, e.g. "check found problems").
  virtual void finish(int exit_status) = 0;
  /// The command ended with an error.
  virtual void fail(const Error& error, int exit_status) = 0;
};

/// The time now, "2026-11-20T17:07:31.123Z". A parameter of renderers so that tests can hold it
/// still.
using Clock = std::string (*)();
std::string utc_now();

}  // namespace pgpm::cli
