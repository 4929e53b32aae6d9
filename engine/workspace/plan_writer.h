// Edits of a plan's text: lines are put in, nothing else moves. Written lines are such that
// upstream and Sqitch read them, and an edited plan is read again before it is used.
#pragma once

#include <string>
#include <string_view>

#include "pgpm/authoring.h"
#include "pgpm/plan.h"

namespace pgpm {

/// "2024-01-15T10:00:00Z Planner <email> # note"; the note is escaped, left out if empty. Throws
/// Error(configuration) if there is no usable planner, e-mail or timestamp.
std::string authored(const Authorship& by, std::string_view note);

/// The plan's text with a tag line behind the change and the tags that stand behind it already.
std::string with_tag_line(const Plan& plan, std::size_t change, const std::string& line);
/// The plan's text with a change line at its end, after a blank line if the last change is tagged.
std::string with_change_line(const Plan& plan, const std::string& line);

/// The plan's text without the lines of the changes from index `first` on and of their tags.
/// Comments and blank lines stay.
std::string without_changes(const Plan& plan, std::size_t first);

/// The plan as it is on disk now. Throws Error(configuration) with its diagnostics if it has
/// errors.
Plan read_plan_file(const std::string& file);
/// Replaces the file, after making sure that `text` reads without errors.
void write_plan_file(const std::string& file, const std::string& text);

}  // namespace pgpm
