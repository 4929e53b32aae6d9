// session_templates() and template_files(): new projects from what is compiled in.
#include <fmt/format.h>

#include "engine/session/template_table.h"
#include "pgpm/session.h"

namespace pgpm {

namespace {

std::string with_name(std::string_view text, const std::string& project) {
  constexpr std::string_view place = "{{PROJECT_NAME}}";
  std::string result;
  for (std::size_t at = text.find(place); at != std::string_view::npos; at = text.find(place)) {
    result += text.substr(0, at);
    result += project;
    text.remove_prefix(at + place.size());
  }
  return result.append(text);
}

}  // namespace

std::vector<SessionTemplate> session_templates() {
  return {{"basic", "migrations, tests and a deploy.sql that runs them; PostgreSQL 11 and newer"},
          {"advanced",
           "roles, an API of registered handlers, row security, bookkeeping; PostgreSQL 15 and "
           "newer, a role that may create roles"}};
}

std::vector<TemplateFile> template_files(const std::string& name, const std::string& project) {
  std::vector<TemplateFile> files;
  const std::string folder = name + "/";
  for (const TemplateEntry& entry : template_table())
    if (entry.path.starts_with(folder))
      files.push_back(
          {std::string(entry.path.substr(folder.size())), with_name(entry.text, project)});
  if (files.empty())
    throw Error(ErrorCode::usage, fmt::format("there is no template {}", name))
        .hint("there are basic and advanced");
  return files;
}

}  // namespace pgpm
