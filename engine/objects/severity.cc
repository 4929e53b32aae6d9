#include "engine/objects/severity.h"

#include "engine/objects/managed_object.h"
#include "engine/sql/parse_tree.h"

namespace pgpm::objects {

namespace {

/// The same labels in the same order, and perhaps more behind or between them.
bool only_gains_labels(const std::string& before, const std::string& after) {
  constexpr std::string_view word = "enum ";
  if (!before.starts_with(word) || !after.starts_with(word)) return false;
  std::size_t at = word.size();
  for (std::size_t begin = word.size(); begin < before.size();) {
    const std::size_t comma = before.find("', '", begin);
    const std::size_t end = comma == std::string::npos ? before.size() : comma + 1;
    const std::string label = before.substr(begin, end - begin);
    const std::size_t found = after.find(label, at);
    if (found == std::string::npos) return false;
    at = found + label.size();
    begin = end == before.size() ? end : end + 2;
  }
  return true;
}

}  // namespace

Compatibility compatibility_of_update(ObjectKind kind, const std::string& before,
                                      const std::string& after) {
  if (is_attached(kind)) return Compatibility::safe;
  if (kind == ObjectKind::cast) return Compatibility::transient;
  if (before.empty() || after.empty()) return Compatibility::breaking;
  return before == after || only_gains_labels(before, after) ? Compatibility::transient
                                                             : Compatibility::breaking;
}

Compatibility compatibility_of_removal(ObjectKind kind) {
  return is_attached(kind) && kind != ObjectKind::grant ? Compatibility::safe
                                                        : Compatibility::breaking;
}

Compatibility compatibility_of_migration(const sql::Script& script) {
  for (const sql::Statement& statement : script.statements())
    if (!sql::only_adds(
            script.source().bytes().substr(statement.begin, statement.end - statement.begin)))
      return Compatibility::breaking;
  return Compatibility::safe;
}

}  // namespace pgpm::objects
