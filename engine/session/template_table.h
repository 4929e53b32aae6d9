// The templates of session projects, compiled in from engine/session/templates.
#pragma once

#include <span>
#include <string_view>

namespace pgpm {

struct TemplateEntry {
  std::string_view path;  ///< "basic/deploy.sql"
  std::string_view text;
};
std::span<const TemplateEntry> template_table();

}  // namespace pgpm
