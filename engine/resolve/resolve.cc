#include "pgpm/resolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/resolve/change_order.h"
#include "engine/resolve/module_order.h"
#include "engine/resolve/resolution.h"
#include "engine/workspace/findings.h"

namespace pgpm {
namespace {

/// The text of a finding's line, for findings in plans of the workspace.
void add_source_lines(const Workspace& workspace, std::vector<Diagnostic>& problems) {
  for (const Module& module : workspace.modules) {
    std::vector<Diagnostic*> here;
    for (Diagnostic& problem : problems)
      if (problem.where.file == module.plan.file && problem.where.line != 0)
        here.push_back(&problem);
    if (here.empty()) continue;
    const TextLines lines(module.plan.text);
    for (Diagnostic* problem : here)
      problem->source_line = lines.line(problem->where.line).substr(0, 2000);
  }
}

[[noreturn]] void fail(std::vector<Diagnostic> errors) {
  const Diagnostic& first = errors.front();
  const std::string more =
      errors.size() == 1 ? "" : fmt::format(" (and {} more)", errors.size() - 1);
  Error error(ErrorCode::configuration, first.message + more);
  if (!first.where.file.empty()) error.at(first.where, first.source_line);
  error.hint(first.hint);
  throw error.with(std::move(errors));
}

}  // namespace

const ResolvedModule* Resolution::find_package(const std::string& package) const {
  const auto found = std::find_if(
      modules.begin(), modules.end(),
      [&](const ResolvedModule& resolved) { return resolved.module->package == package; });
  return found == modules.end() ? nullptr : &*found;
}

ResolutionAttempt attempt_resolution(const Workspace& workspace,
                                     const std::vector<std::string>& names, Closure closure) {
  const ModuleNames known(workspace);
  ResolutionAttempt attempt;
  attempt.resolution.modules = order_modules(workspace, known, names, closure, attempt.problems);
  for (ResolvedModule& module : attempt.resolution.modules)
    resolve_changes(module, known, attempt.problems);
  add_source_lines(workspace, attempt.problems);
  return attempt;
}

Resolution resolve(const Workspace& workspace, const std::vector<std::string>& names,
                   Closure closure) {
  ResolutionAttempt attempt = attempt_resolution(workspace, names, closure);
  std::vector<Diagnostic>& problems = attempt.problems;
  const auto errors = std::stable_partition(
      problems.begin(), problems.end(),
      [](const Diagnostic& problem) { return problem.severity == Severity::warning; });
  if (errors != problems.end()) fail({errors, problems.end()});
  attempt.resolution.warnings = std::move(problems);
  return std::move(attempt.resolution);
}

}  // namespace pgpm
