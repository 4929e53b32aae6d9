#include "engine/session/missing_character.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/text/file.h"
#include "engine/text/source_text.h"

namespace pgpm {

namespace {

/// "... byte sequence 0xe2 0x82 0xac in encoding ..." in whatever language the words are.
std::string bytes_in(std::string_view message) {
  std::string bytes;
  for (std::size_t at = message.find("0x"); at != std::string_view::npos;) {
    unsigned byte = 0;
    const char* digits = message.data() + at + 2;
    if (std::from_chars(digits, message.data() + message.size(), byte, 16).ptr != digits + 2) break;
    bytes += static_cast<char>(byte);
    const bool goes_on = message.substr(at + 4).starts_with(" 0x");
    at = goes_on ? at + 5 : std::string_view::npos;
  }
  return bytes;
}

class CharacterSearch {
 public:
  CharacterSearch(const SessionProject& project, std::string bytes)
      : project_(project), bytes_(std::move(bytes)) {}

  /// The place and the line of the first text that has it.
  std::optional<std::pair<SourceLocation, std::string>> find() const {
    for (const SessionFile& file : project_.files)
      if (auto place = in_file(file.path, file.content)) return place;
    for (const SessionTest& test : project_.tests)
      if (auto place = in_file(test.path, test.content)) return place;
    for (const std::string& path : project_.test_paths)
      if (auto place = in_file(path, "")) return place;
    return in_file("./deploy.sql", project_.deploy_sql);
  }

 private:
  std::optional<std::pair<SourceLocation, std::string>> in_file(const std::string& path,
                                                                const std::string& content) const {
    const std::string shown = shown_path(project_.root / path.substr(2));
    if (path.find(bytes_) != std::string::npos) return {{{shown, 0, 0}, {}}};
    const std::size_t at = content.find(bytes_);
    if (at == std::string::npos) return std::nullopt;
    const SourceText source(shown, content);
    return {{source.location(at), std::string(source.line_at(at))}};
  }

  const SessionProject& project_;
  std::string bytes_;
};

}  // namespace

void rethrow_located(const Error& failure, const SessionProject& project,
                     const std::string& encoding) {
  if (!failure.server() || failure.server()->sqlstate != "22P05") throw;
  const std::string bytes = bytes_in(failure.server()->message);
  const auto place = bytes.empty() ? std::nullopt : CharacterSearch(project, bytes).find();
  if (!place) throw;
  throw Error(
      ErrorCode::configuration,
      fmt::format("the database's encoding {} does not have the character {}", encoding, bytes))
      .at(place->first, place->second)
      .hint("take it out of the project, or deploy to a database with the encoding UTF8")
      .leaving(failure.database_state());
}

}  // namespace pgpm
