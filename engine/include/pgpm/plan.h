// The content of a pgpm.plan file (or sqitch.plan): a project, its changes in order, and tags.
// Format: Sqitch's plan syntax 1.0.0 as upstream pgpm reads it, widened to everything either tool
// reads (docs in engine/workspace/plan_reader.h). Pure values; nothing here touches disk or
// database.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pgpm/error.h"

namespace pgpm {

class PlanIndex;

/// A change reference as typed: `change`, `@tag`, `change@tag`, `module:change`, `module:@tag`,
/// `HEAD`, `ROOT`, a 40-digit Sqitch id, each with an optional `^`, `^^`, `^N` (earlier) or `~`,
/// `~~`, `~N` (later).
struct ChangeRef {
  std::string module;  ///< "" = the module the reference stands in
  std::string change;  ///< "", a name, "HEAD" or "ROOT"
  std::string tag;     ///< without '@'; "" = none
  std::string id;      ///< 40 lower-case hex digits; "" = none
  long offset = 0;     ///< negative = earlier (^), positive = later (~)

  /// nullopt if the text is no reference.
  static std::optional<ChangeRef> parse(std::string_view text);
  std::string to_string() const;
  bool operator==(const ChangeRef&) const = default;
};

/// An entry of a change's [list].
struct Dependency {
  enum class Kind { requires_change, conflicts };
  Kind kind = Kind::requires_change;
  ChangeRef ref;
  std::string text;        ///< as written, without the '!'
  std::size_t column = 0;  ///< where it stands in the change's line, 1-based characters
};

/// One change line. A name may come again after a tag (a rework): each line is an instance of its
/// own.
struct Change {
  std::string name;
  std::vector<Dependency> dependencies;
  std::string timestamp;  ///< "2024-01-15T10:00:00Z" as written, "" if absent
  std::string planner, email;
  std::string note;  ///< unescaped
  std::size_t line = 0;
  /// True if a later line of the plan reworks this change.
  bool superseded = false;
  /// The name its scripts and its ledger row go by: `name`, or `name@tag` for a superseded
  /// instance. Which tag is decided by what is on disk (engine/workspace/discovery), "" until then
  /// for those.
  std::string script_name;
};

struct Tag {
  std::string name;        ///< without '@'
  std::size_t change = 0;  ///< index into Plan::changes
  std::string timestamp, planner, email, note;
  std::size_t line = 0;
};

struct Plan {
  std::string file;     ///< as shown in messages
  std::string project;  ///< %project
  std::string uri;
  std::vector<Change> changes;
  std::vector<Tag> tags;     ///< in file order
  bool has_reworks = false;  ///< some change is superseded
  std::string text;          ///< the file as it was read; what plan_writer edits

  const Tag* find_tag(std::string_view name) const;
  /// The newest instance of that name, or nullopt.
  std::optional<std::size_t> find_change(std::string_view name) const;
  /// Index of the change a reference of this plan's own means (its module part is ignored). Throws
  /// Error(configuration) naming the nearest known name if there is none, if a bare name is
  /// ambiguous (reworked) and `ambiguity` is refuse, or if an offset leaves the plan.
  enum class Ambiguity { newest, refuse };
  std::size_t resolve(const ChangeRef& ref, Ambiguity ambiguity = Ambiguity::newest) const;
  /// Names of the tags on a change, in plan order.
  std::vector<std::string> tags_of(std::size_t change) const;

  /// Look-up tables for the questions above. read_plan fills it; a plan put together by hand gets
  /// it with the first question (and again after changes or tags were added), which is the one time
  /// a const Plan is not thread-safe.
  mutable std::shared_ptr<const PlanIndex> index = nullptr;
};

/// Why a name is no valid change name / tag name, or "" if it is valid (rules: Sqitch's and
/// upstream's together, and nothing that could leave the module's folder).
std::string change_name_problem(std::string_view name);
std::string tag_name_problem(std::string_view name);

/// A parsed plan and everything found wrong with it. If any diagnostic is an error the plan must
/// not be used.
struct PlanReading {
  Plan plan;
  std::vector<Diagnostic> diagnostics;
};

/// Reads plan text. Never throws for bad input: every problem is a diagnostic with
/// file:line:column.
PlanReading read_plan(std::string file, std::string text);

}  // namespace pgpm
