#include "engine/migrate/problems.h"

#include <fmt/format.h>

namespace pgpm {

void Problems::add(ErrorCode code, Diagnostic diagnostic) {
  if (found_.empty()) first_ = code;
  diagnostic.severity = Severity::error;
  found_.push_back(std::move(diagnostic));
}

void Problems::add(ErrorCode code, SourceLocation where, std::string message, std::string hint) {
  add(code, Diagnostic{Severity::error, std::move(where), std::move(message), {}, std::move(hint)});
}

void Problems::add_script(const std::vector<Diagnostic>& found) {
  for (const Diagnostic& problem : found) {
    if (problem.severity == Severity::error) {
      add(ErrorCode::configuration, problem);
    } else {
      warnings_.push_back(problem);
    }
  }
}

void Problems::warn(SourceLocation where, std::string message, std::string hint) {
  warnings_.push_back(
      {Severity::warning, std::move(where), std::move(message), {}, std::move(hint)});
}

void Problems::throw_if_any(const std::string& summary) const {
  if (found_.empty()) return;
  const std::string message = found_.size() == 1
                                  ? fmt::format("{}: {}", summary, found_.front().message)
                                  : fmt::format("{}: {} problems", summary, found_.size());
  throw Error(first_, message).with(found_).leaving("nothing was changed");
}

}  // namespace pgpm
