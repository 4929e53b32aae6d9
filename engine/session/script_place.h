// Where in the project's files an error of the server happened.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/session/expanded_script.h"
#include "engine/session/script_units.h"
#include "engine/text/source_text.h"
#include "pgpm/session.h"

namespace pgpm {

struct ScriptPlace {
  SourceLocation where;
  std::string source_line;
};

class PlaceFinder {
 public:
  /// `source` is deploy.sql under the name that is shown.
  PlaceFinder(const SessionProject& project, const SourceText& source, const ExpandedScript& script)
      : project_(project), source_(source), script_(script) {}

  /// In deploy.sql: at the server's position, else at the statement behind `results` others.
  ScriptPlace in_script(const ScriptUnit& unit, std::size_t results,
                        const ServerMessage& message) const;
  /// In a file of the project that deploy.sql ran: one whose text the server names as the query it
  /// was in, or whose path the message begins with. file "" if there is none.
  ScriptPlace in_file(const ServerMessage& message) const;

 private:
  const std::string* content_of(const std::string& path) const;
  std::string shown(const std::string& path) const;

  const SessionProject& project_;
  const SourceText& source_;
  const ExpandedScript& script_;
};

}  // namespace pgpm
