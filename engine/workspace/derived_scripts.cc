#include "engine/workspace/derived_scripts.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/parse_tree_inverse.h"

namespace pgpm {
namespace {

std::vector<sql::Inverse> inverses_of(const sql::Script& deploy) {
  std::vector<sql::Inverse> inverses;
  for (const sql::Statement& statement : deploy.statements())
    inverses.push_back(sql::inverse_of(
        deploy.source().bytes().substr(statement.begin, statement.end - statement.begin)));
  return inverses;
}

std::string one_line(std::string_view text) {
  std::string line(text.substr(0, std::min(text.find('\n'), text.size())));
  return line.size() < text.size() ? line + " ..." : line;
}

}  // namespace

std::string derived_revert(const sql::Script& deploy, std::string_view change,
                           std::string_view origin, std::vector<Diagnostic>& warnings) {
  std::string text = fmt::format("-- Revert: {}\n-- {}\n\n", change, origin);
  const std::vector<sql::Inverse> inverses = inverses_of(deploy);
  std::vector<Diagnostic> found;
  for (std::size_t i = inverses.size(); i-- > 0;) {
    const sql::Statement& statement = deploy.statements()[i];
    if (!inverses[i].underivable.empty()) {
      const SourceLocation where = deploy.source().location(statement.begin);
      const std::string_view source =
          deploy.source().bytes().substr(statement.begin, statement.end - statement.begin);
      text += fmt::format("-- revert not derivable: {}\n--   {}\n", inverses[i].underivable,
                          one_line(source));
      found.push_back({Severity::warning, where, inverses[i].underivable,
                       std::string(deploy.source().line_at(statement.begin)),
                       "write by hand what undoes it"});
    }
    for (const std::string& revert : inverses[i].revert) text += revert + ";\n";
  }
  warnings.insert(warnings.end(), found.rbegin(), found.rend());
  return text;
}

std::string derived_verify(const sql::Script& deploy, std::string_view change,
                           std::string_view origin) {
  std::string text = fmt::format("-- Verify: {}\n-- {}\n\n", change, origin);
  std::vector<std::string> seen;
  for (const sql::Inverse& inverse : inverses_of(deploy))
    for (const std::string& verify : inverse.verify) {
      if (std::find(seen.begin(), seen.end(), verify) != seen.end()) continue;
      text += verify + ";\n";
      seen.push_back(verify);
    }
  return text;
}

}  // namespace pgpm
