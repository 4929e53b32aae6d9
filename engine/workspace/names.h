// Which names changes, tags and projects may have. Two sets of rules, because the reader accepts
// every plan that upstream or Sqitch reads, and the writer writes only what both read. Neither lets
// a name leave the module's folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgpm {

enum class NameRules {
  read,   ///< what either tool accepts
  write,  ///< what both accept
};

/// Why it is no name ("it contains ':'"), or "" if it is one.
std::string change_name_problem(std::string_view name, NameRules rules);
std::string tag_name_problem(std::string_view name, NameRules rules);
/// %project: only what would break references and messages is refused.
std::string project_name_problem(std::string_view name);
/// A new module: control file, folder, project and extension name at once.
std::string module_name_problem(std::string_view name);

/// A module or extension in a control file's `requires`, which has no quotes for odd characters.
std::string required_name_problem(std::string_view name);

/// Throws Error(configuration) for a name that cannot stand in the `requires` of module `own`.
void check_required_names(const std::vector<std::string>& names, const std::string& own);

bool is_change_id(std::string_view text);  ///< 40 lower-case hex digits

}  // namespace pgpm
