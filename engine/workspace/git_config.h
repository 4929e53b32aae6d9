// Git's configuration syntax, as far as sqitch.conf uses it: sections, sub-sections, settings.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pgpm/error.h"

namespace pgpm {

struct GitSetting {
  std::string key;  ///< as written where it is first set: the name of a variable has its case
  std::string value;
  SourceLocation where;  ///< of the setting that counts
};
/// By "core.top_dir" or "target.Prod.uri"; sections and keys in lower case, sub-sections as
/// written.
using GitSettings = std::map<std::string, GitSetting>;

/// Adds the settings of one file; they win over those that are there. What is no configuration is
/// appended to `diagnostics`, without the line's text: it may hold a password.
void read_git_config(const std::string& file, std::string_view text, GitSettings& settings,
                     std::vector<Diagnostic>& diagnostics);

}  // namespace pgpm
