// Commands that write files of a workspace: init, add, tag; and check, which reads all of them.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "pgpm/workspace.h"

namespace pgpm {

/// Who plans, and when: the last three fields of a plan line.
struct Authorship {
  std::string planner, email;
  std::string timestamp;  ///< "2024-01-15T10:00:00Z"
};

/// Adds a tag line behind the change and its present tags, touching no other byte of the plan.
/// Returns the name of the tagged change. Throws Error(configuration) if the name is invalid or
/// taken, or the change unknown.
std::string add_tag(const Module& module, const std::string& tag, const std::string& change,
                    const std::string& note, const Authorship& by);

struct NewChange {
  std::string name;
  std::vector<std::string> requires_changes, conflicts;
  std::string note;
};
/// Appends a change to the plan and writes its three scripts. Existing scripts are kept. Returns
/// the files written, relative to the module. Throws Error(configuration) before writing anything.
std::vector<std::string> add_change(const Workspace& workspace, const Module& module,
                                    const NewChange& change, const Authorship& by);

/// Plans a change of that name once more, as Sqitch does: the scripts so far go on as NAME@TAG.sql
/// (TAG is the plan's last tag), the deploy and verify script stay to be edited, and the former
/// deploy script becomes the revert script, so that reverting brings the former version back. The
/// new line requires NAME@TAG. Returns the files written, relative to the module. Throws
/// Error(configuration) before writing anything: unknown change, no tag at or behind it, scripts
/// missing or in the way.
std::vector<std::string> rework_change(const Workspace& workspace, const Module& module,
                                       const NewChange& change, const Authorship& by);

/// What taking changes out of a plan means for a module's files.
struct Removal {
  std::vector<std::string> changes;  ///< names, in plan order
  std::vector<std::string> tags;     ///< without '@'
  std::vector<std::string> deleted;  ///< scripts that go, relative to the module
  /// A removed rework gives the plain script names back to the instance before it: from, to.
  std::vector<std::pair<std::string, std::string>> renamed;
  std::string plan_text;  ///< the plan without them
};
/// Decides what goes if `from` (a change reference; "" = everything) and all that is planned behind
/// it is taken out; touches nothing. Throws Error(configuration) if it is unknown,
/// Error(refused) naming every plan line of other modules that needs one of them.
Removal plan_removal(const Workspace& workspace, const Module& module, const std::string& from);
/// Writes the plan, removes and renames the scripts: all of it or nothing. No database is asked:
/// what is deployed stays deployed.
void remove_changes(const Module& module, const Removal& removal);

/// Writes the module's control file with another `requires`; empty = none. Throws
/// Error(configuration) for a name that cannot stand there, a module that would require itself, or
/// a cycle, named as its whole path.
void set_requirements(const Workspace& workspace, const Module& module,
                      const std::vector<std::string>& names);

/// What a plan lacks, measured by the headers of the deploy scripts.
struct PlanUpdate {
  struct NewLine {
    std::string change;
    std::vector<std::string> requires_changes;
  };
  std::vector<NewLine> added;  ///< scripts without a plan line, in the order they will have
  struct NewList {
    std::string change;
    std::vector<std::string> before, after;
  };
  std::vector<NewList> changed;      ///< lines whose script requires something else
  std::vector<Diagnostic> warnings;  ///< plan lines without a script
  std::string plan_text;             ///< the plan with both, otherwise byte by byte as it is
};
/// Decides it from `-- requires:` lines. A script whose header names no change keeps the list its
/// plan line has; conflicts and reworked instances stay as they are. A new line goes to the end, or
/// in front of the first line that requires it. Throws Error(configuration) for headers that
/// contradict the plan's order, form a cycle or name what does not exist.
PlanUpdate plan_from_headers(const Workspace& workspace, const Module& module,
                             const Authorship& by);
void write_plan(const Module& module, const PlanUpdate& update);

/// Creates pgpm.json (packages/* and extensions) and packages/. Throws if there is one already.
std::vector<std::string> init_workspace(const std::filesystem::path& dir, const std::string& name);
/// Creates packages/NAME (or ./NAME below a packages folder, or the directory itself outside a
/// workspace) with plan, control file, Makefile and package.json. Returns the files written.
std::vector<std::string> init_module(const std::filesystem::path& start, const std::string& name,
                                     const std::vector<std::string>& requires_modules);

/// Everything that can be known without a database: plans, control files, manifests, scripts
/// (missing, unreadable, psql commands, transaction statements, invalid UTF-8, headers that name
/// another change), references, cycles. Sorted by file and line.
std::vector<Diagnostic> check(const Workspace& workspace, const std::vector<std::string>& modules);

}  // namespace pgpm
