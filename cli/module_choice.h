// Which modules a command is about: named ones, the one the working directory is in, or all of the
// workspace.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/invocation.h"
#include "pgpm/workspace.h"

namespace pgpm::cli {

/// What the command line says about modules.
struct ModuleRequest {
  std::vector<std::string> names;  ///< positionals and --package
  bool workspace = false, all = false;
  /// At a workspace root, reading commands mean all modules; commands that change something want to
  /// be told.
  enum class AtRoot { all, ask } at_root = AtRoot::ask;
  /// Whether --all needs --workspace (for revert, --all alone means all changes of the module).
  enum class All { of_workspace, of_changes } all_means = All::of_workspace;
};

/// Asks a person for one of the names; nullopt = no answer.
using Chooser = std::function<std::optional<std::string>(const std::vector<std::string>& names)>;

/// Names for the engine; empty = every module of the workspace. `choose` is empty if nobody can be
/// asked. Throws Error(usage) if it stays open which are meant, Error(configuration) for an unknown
/// name (with the nearest).
std::vector<std::string> choose_modules(const Workspace& workspace, const ModuleRequest& request,
                                        const Chooser& choose);

/// --package, for commands about one module.
Option one_module_option();
/// --package, --workspace, --all.
std::vector<Option> module_options();
std::vector<Option> with_modules(std::vector<Option> own);

/// choose_modules() for an invocation: positionals from the command line (unless `positionals` says
/// they mean something else), and a question on a terminal.
enum class Positionals { modules, something_else };
std::vector<std::string> modules_of(Invocation& invocation, const Workspace& workspace,
                                    ModuleRequest request,
                                    Positionals positionals = Positionals::modules);
/// The one module a command like tag or add is about.
const Module& module_of(Invocation& invocation, const Workspace& workspace);

/// --set, for commands that send scripts.
Option set_option();

/// Loads the workspace around the working directory; its scripts get the variables of --set.
Workspace load_workspace_of(const Invocation& invocation);
/// The same, throwing all its problems at once as Error(configuration).
Workspace load_sound_workspace_of(const Invocation& invocation);

}  // namespace pgpm::cli
