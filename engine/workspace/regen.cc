#include "pgpm/regen.h"

#include <fmt/format.h>

#include <set>

#include "engine/sql/script.h"
#include "engine/text/file.h"
#include "engine/text/file_changes.h"
#include "engine/text/new_files.h"
#include "engine/workspace/derived_scripts.h"

namespace pgpm {
namespace {

constexpr const char* origin = "Derived by pgpm regen from the deploy script: look it over.";

std::vector<std::size_t> chosen_changes(const Plan& plan, const std::vector<std::string>& names) {
  std::vector<std::size_t> chosen;
  for (const std::string& name : names) {
    const auto ref = ChangeRef::parse(name);
    if (!ref)
      throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no change reference", name));
    chosen.push_back(plan.resolve(*ref));
  }
  if (names.empty())
    for (std::size_t i = 0; i < plan.changes.size(); ++i) chosen.push_back(i);
  return chosen;
}

/// A script that has a statement is somebody's work; one that says it is irreversible, too.
struct PresentScript {
  std::string text;
  bool is_written = false, is_irreversible = false;
};

PresentScript present_script(const Module& module, Module::ScriptKind kind,
                             const std::string& name) {
  const auto path = module.script_path(kind, name);
  auto text = read_regular_file(path);
  if (!text) return {};
  const auto script = sql::Script::parse(shown_path(path), *text);
  const bool irreversible = script->header().irreversible;
  const bool written = !script->statements().empty() || irreversible || script->has_errors();
  return {std::move(*text), written, irreversible};
}

std::shared_ptr<const sql::Script> read_deploy(const Module& module, const std::string& name) {
  const auto path = module.script_path(Module::ScriptKind::deploy, name);
  auto text = read_regular_file(path);
  if (!text)
    throw Error(ErrorCode::script_missing, fmt::format("{} does not exist", shown_path(path)));
  auto script = sql::Script::parse(shown_path(path), std::move(*text));
  if (script->has_errors())
    throw Error(ErrorCode::configuration, fmt::format("{} has errors", shown_path(path)))
        .with(script->problems());
  return script;
}

class Deriving {
 public:
  explicit Deriving(const Module& module) : module_(module) {}

  void derive(const Change& change, const RegenOptions& options) {
    const std::string& name = change.script_name;
    const bool revert = options.revert && is_open(Module::ScriptKind::revert, name, options);
    const bool verify = options.verify && is_open(Module::ScriptKind::verify, name, options);
    if (!revert && !verify) return;
    const auto deploy = read_deploy(module_, name);
    if (revert)
      add(Module::ScriptKind::revert, name,
          derived_revert(*deploy, name, origin, regeneration_.warnings));
    if (verify) add(Module::ScriptKind::verify, name, derived_verify(*deploy, name, origin));
  }

  Regeneration& regeneration() { return regeneration_; }

 private:
  bool is_open(Module::ScriptKind kind, const std::string& name, const RegenOptions& options) {
    const PresentScript present = present_script(module_, kind, name);
    const bool replace =
        options.written == RegenOptions::Written::replace && !present.is_irreversible;
    const bool open = !present.is_written || replace;
    if (!open) ++regeneration_.kept;
    return open;
  }
  void add(Module::ScriptKind kind, const std::string& name, std::string text) {
    PresentScript present = present_script(module_, kind, name);
    if (present.text == text) {
      ++regeneration_.kept;
      return;
    }
    regeneration_.scripts.push_back({script_kind_name(kind), name,
                                     module_.relative_script(kind, name), std::move(text),
                                     present.is_written ? std::move(present.text) : ""});
  }

  const Module& module_;
  Regeneration regeneration_;
};

}  // namespace

Regeneration derive_scripts(const Module& module, const RegenOptions& options) {
  Deriving deriving(module);
  for (const std::size_t index : chosen_changes(module.plan, options.changes))
    deriving.derive(module.plan.changes[index], options);
  return std::move(deriving.regeneration());
}

std::vector<std::string> write_scripts(const Module& module, const Regeneration& regeneration) {
  std::vector<std::string> written;
  const NewFiles inside(module.dir);
  for (const Regeneration::Script& script : regeneration.scripts) inside.check(script.file);
  FileChanges changes;
  for (const Regeneration::Script& script : regeneration.scripts) {
    const auto kind =
        script.kind == "revert" ? Module::ScriptKind::revert : Module::ScriptKind::verify;
    const PresentScript present = present_script(module, kind, script.change);
    if (present.is_written && present.text != script.replaces)
      throw Error(ErrorCode::other, fmt::format("{} has been written meanwhile", script.file));
    changes.write(module.dir / script.file, script.text);
    written.push_back(script.file);
  }
  changes.keep();
  return written;
}

}  // namespace pgpm
