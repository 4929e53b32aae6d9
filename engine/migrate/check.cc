// check(): everything a workspace's files can tell. It gathers what the readers and the resolution
// found and adds what only the scripts show. Nothing here is fatal: a finding is a value, and the
// next file is read all the same.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_set>

#include "engine/migrate/module_tests.h"
#include "engine/migrate/script_store.h"
#include "engine/objects/module_objects.h"
#include "engine/resolve/change_order.h"
#include "engine/resolve/resolution.h"
#include "engine/sql/script.h"
#include "engine/text/file.h"
#include "engine/text/path.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/module_search.h"
#include "pgpm/authoring.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;
using Kind = Module::ScriptKind;
using Diagnostics = std::vector<Diagnostic>;

/// The scripts of one module against its plan.
class ScriptCheck {
 public:
  ScriptCheck(const Module& module, const ModuleNames& names, Diagnostics& found)
      : module_(module), lookup_(module, names), lines_(module.plan.text), found_(found) {}

  void check() {
    for (std::size_t at = 0; at < module_.plan.changes.size(); ++at) {
      for (const Kind kind : {Kind::deploy, Kind::revert, Kind::verify}) {
        used_.insert(module_.script_path(kind, module_.plan.changes[at].script_name)
                         .lexically_normal()
                         .native());
        check_script(at, kind);
      }
    }
    for (const Kind kind : {Kind::deploy, Kind::revert, Kind::verify}) {
      find_orphans(module_.script_folder(kind, Module::Instance::newest));
      find_orphans(module_.script_folder(kind, Module::Instance::superseded));
    }
  }

 private:
  void check_script(std::size_t at, Kind kind) {
    const Change& change = module_.plan.changes[at];
    const fs::path path = module_.script_path(kind, change.script_name);
    try {
      auto bytes = read_script(module_, kind, change.script_name);
      if (!bytes) return report_missing(change, kind);
      const auto script = sql::Script::parse(shown_path(path), std::move(*bytes), use_of(kind));
      found_.insert(found_.end(), script->problems().begin(), script->problems().end());
      check_identity(change, *script);
      if (kind == Kind::deploy) check_requirements(at, *script);
    } catch (const Error& error) {
      Diagnostic unread = file_finding(Severity::error, shown_path(path), error.what());
      unread.hint = error.hint();
      found_.push_back(std::move(unread));
    }
  }

  void report_missing(const Change& change, Kind kind) {
    Diagnostic missing;
    missing.severity = kind == Kind::deploy ? Severity::error : Severity::warning;
    missing.where = SourceLocation{module_.plan.file, change.line, 0};
    missing.message =
        fmt::format("change \"{}\" has no {} script", change.name, script_kind_name(kind));
    missing.source_line = lines_.line(change.line);
    missing.hint =
        fmt::format("expected at {}", shown_path(module_.script_path(kind, change.script_name)));
    found_.push_back(std::move(missing));
  }

  void check_identity(const Change& change, const sql::Script& script) {
    const sql::ScriptHeader& header = script.header();
    const bool other_change = !header.change.empty() && header.change != change.name &&
                              header.change != change.script_name;
    if (other_change)
      warn(script, header.change_offset,
           fmt::format("the header names change \"{}\", but the file belongs to \"{}\"",
                       header.change, change.script_name));
    if (!header.project.empty() && !module_.is_called(header.project))
      warn(script, header.change_offset,
           fmt::format("the header names module \"{}\", but the file belongs to \"{}\"",
                       header.project, module_.package));
  }

  /// Headers are for readers, the plan decides: so only a header that says something, and something
  /// else, is reported.
  void check_requirements(std::size_t at, const sql::Script& script) {
    const std::vector<std::string>& written = script.header().requires_changes;
    if (written.empty()) return;
    std::set<std::string> here, planned;
    for (const std::string& text : written) here.insert(meaning_of(text, at));
    for (const Dependency& dependency : module_.plan.changes[at].dependencies)
      if (dependency.kind == Dependency::Kind::requires_change)
        planned.insert(meaning_of(dependency.text, at));
    if (here == planned) return;
    std::vector<std::string> more, missing;
    std::set_difference(here.begin(), here.end(), planned.begin(), planned.end(),
                        std::back_inserter(more));
    std::set_difference(planned.begin(), planned.end(), here.begin(), here.end(),
                        std::back_inserter(missing));
    std::string message = "the header's requirements are not those of the plan:";
    if (!more.empty()) message += fmt::format(" only here: {}", fmt::join(more, ", "));
    if (!missing.empty())
      message +=
          fmt::format("{} only in the plan: {}", more.empty() ? "" : ";", fmt::join(missing, ", "));
    const std::size_t offset = script.source().bytes().find("requires:");
    warn(script, offset == std::string_view::npos ? 0 : offset, std::move(message));
  }

  std::string meaning_of(const std::string& text, std::size_t at) {
    Dependency dependency;
    dependency.text = text;
    const auto ref = ChangeRef::parse(text);
    if (!ref) return text;
    dependency.ref = *ref;
    const LookedUp found = lookup_.look_up(dependency, at);
    return found.dependency ? found.dependency->to_string() : text;
  }

  void warn(const sql::Script& script, std::size_t offset, std::string message) {
    found_.push_back(Diagnostic{Severity::warning,
                                script.source().location(offset),
                                std::move(message),
                                std::string(script.source().line_at(offset)),
                                {}});
  }

  /// Each file once, also where one folder is inside another.
  void find_orphans(const fs::path& folder) {
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
      std::error_code entry_error;
      if (it->path().extension() != ".sql" || !it->is_regular_file(entry_error)) continue;
      if (!used_.insert(it->path().lexically_normal().native()).second) continue;
      found_.push_back(file_finding(Severity::warning, shown_path(it->path()),
                                    "no change of the plan uses this script"));
    }
  }

  const Module& module_;
  ReferenceLookup lookup_;
  TextLines lines_;
  Diagnostics& found_;
  std::unordered_set<std::string> used_;  // scripts of planned changes, and those told of
};

/// Of a workspace's findings those in the modules that are checked, and those in no module at all.
Diagnostics findings_about(const Workspace& workspace, const std::set<const Module*>& checked) {
  Diagnostics about;
  for (const Diagnostic& diagnostic : workspace.diagnostics) {
    const bool elsewhere =
        std::any_of(workspace.modules.begin(), workspace.modules.end(), [&](const Module& module) {
          return checked.count(&module) == 0 && is_within(diagnostic.where.file, module.dir);
        });
    if (!elsewhere) about.push_back(diagnostic);
  }
  return about;
}

auto sort_key(const Diagnostic& diagnostic) {
  return std::tie(diagnostic.where.file, diagnostic.where.line, diagnostic.where.column,
                  diagnostic.message);
}

void check_tests(const Module& module, Diagnostics& found) {
  const Diagnostics problems = load_tests(module).problems();
  found.insert(found.end(), problems.begin(), problems.end());
}

void check_objects(const Module& module, Diagnostics& found) {
  if (!module.has_objects_folder()) return;
  const Diagnostics problems = objects::check_folder(module.objects_folder().string());
  found.insert(found.end(), problems.begin(), problems.end());
}

/// The reader and the resolution find some of the same things.
void sort_and_unite(Diagnostics& found) {
  std::stable_sort(found.begin(), found.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return sort_key(a) < sort_key(b);
  });
  const auto same = [](const Diagnostic& a, const Diagnostic& b) {
    return sort_key(a) == sort_key(b);
  };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
}

}  // namespace

std::vector<Diagnostic> check(const Workspace& workspace, const std::vector<std::string>& modules) {
  const ModuleNames names(workspace);
  ResolutionAttempt attempt = attempt_resolution(workspace, modules, Closure::with_required);
  std::set<const Module*> checked;
  for (const ResolvedModule& resolved : attempt.resolution.modules) checked.insert(resolved.module);
  // Modules of a cycle have no place in the order, but scripts all the same.
  for (const Module& module : workspace.modules) {
    const bool asked_for =
        std::any_of(modules.begin(), modules.end(),
                    [&](const std::string& name) { return names.find(name) == &module; });
    if (modules.empty() || asked_for) checked.insert(&module);
  }
  Diagnostics found = findings_about(workspace, checked);
  found.insert(found.end(), attempt.problems.begin(), attempt.problems.end());
  for (const Module& module : workspace.modules) {
    if (checked.count(&module) == 0) continue;
    ScriptCheck(module, names, found).check();
    check_tests(module, found);
    check_objects(module, found);
  }
  sort_and_unite(found);
  return found;
}

}  // namespace pgpm
