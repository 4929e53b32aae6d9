#include "engine/session/script_place.h"

#include "engine/session/suite_progress.h"
#include "engine/sql/statements.h"
#include "engine/text/file.h"

namespace pgpm {

namespace {

std::size_t statement_offset(std::string_view unit, std::size_t index) {
  sql::StatementReader reader(unit);
  std::size_t begin = 0;
  while (const std::optional<sql::Statement> statement = reader.next()) {
    begin = statement->begin;
    if (index-- == 0) break;
  }
  return begin;
}

ScriptPlace place_at(const SourceText& source, std::size_t offset) {
  return {source.location(offset), std::string(source.line_at(offset))};
}

}  // namespace

ScriptPlace PlaceFinder::in_script(const ScriptUnit& unit, std::size_t results,
                                   const ServerMessage& message) const {
  const std::string_view text = script_.text().substr(unit.begin, unit.end - unit.begin);
  std::size_t offset = 0;
  if (message.position > 0)
    offset = SourceText("", std::string(text)).offset_of_character(message.position - 1);
  else
    offset = statement_offset(text, results);
  return place_at(source_, script_.source_offset(unit.begin + offset));
}

ScriptPlace PlaceFinder::in_file(const ServerMessage& message) const {
  const auto in_content = [&](const std::string& path, const std::string& content) {
    const SourceText source(shown(path), content);
    return place_at(source, source.offset_of_character(message.internal_position - 1));
  };
  if (message.internal_position > 0 && !message.internal_query.empty()) {
    for (const SessionFile& file : project_.files)
      if (file.content == message.internal_query) return in_content(file.path, file.content);
    for (const SessionTest& test : project_.tests)
      if (test.content == message.internal_query) return in_content(test.path, test.content);
  }
  const std::string path = path_in_failure(message.message);
  if (content_of(path) == nullptr) return {};
  return {{shown(path), 0, 0}, {}};
}

const std::string* PlaceFinder::content_of(const std::string& path) const {
  for (const SessionFile& file : project_.files)
    if (file.path == path) return &file.content;
  for (const SessionTest& test : project_.tests)
    if (test.path == path) return &test.content;
  return nullptr;
}

std::string PlaceFinder::shown(const std::string& path) const {
  return shown_path(project_.root / path.substr(2));
}

}  // namespace pgpm
