// What can be told about a project without a server, besides its files.
#include <fmt/format.h>

#include "engine/session/script_units.h"
#include "engine/session/uuid.h"
#include "engine/sql/statements.h"
#include "engine/text/ascii.h"
#include "engine/text/source_text.h"
#include "pgpm/session.h"

namespace pgpm {

std::vector<SessionUnit> session_units(const SessionProject& project) {
  const SourceText source("deploy.sql", project.deploy_sql);
  std::vector<SessionUnit> units;
  for (const ScriptUnit& unit : split_units(source.bytes())) {
    const std::string_view text = source.bytes().substr(unit.begin, unit.end - unit.begin);
    const std::optional<sql::Statement> first = sql::StatementReader(text).next();
    if (!first) continue;
    const std::string_view line =
        text.substr(first->begin, text.find('\n', first->begin) - first->begin);
    units.push_back({source.location(unit.begin + first->begin).line, std::string(trim(line))});
  }
  return units;
}

std::string metadata_block(const SessionFile& file, bool idempotent) {
  const std::string name = file.path.substr(file.path.rfind('/') + 1);
  std::string shown;
  for (const char c : name) {
    if (c == '&')
      shown += "&amp;";
    else if (c == '<')
      shown += "&lt;";
    else
      shown += c;
  }
  // The comment must not end, nor another begin, in a file's name: names have no slashes.
  return fmt::format(
      "/*\n<pgmi-meta id=\"{}\" idempotent=\"{}\">\n  <description>Auto-generated metadata for "
      "{}</description>\n  <sortKeys>\n    <key>generated/{}</key>\n  </sortKeys>\n</pgmi-meta>\n"
      "*/\n",
      path_uuid(file.path), idempotent, shown, shown);
}

}  // namespace pgpm
