// Where init's template comes from: a directory, or a git repository that is cloned for the time of
// the command.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "cli/temporary_directory.h"

namespace pgpm::cli {

struct TemplateSource {
  std::filesystem::path dir;  ///< "" = what is built in
  std::unique_ptr<TemporaryDirectory> clone;
};

struct TemplateRequest {
  std::filesystem::path template_dir;  ///< --template
  std::string repo;                    ///< --repo: URL, path, or owner/name at GitHub
  std::string branch;                  ///< --from-branch
  std::string variant;                 ///< --dir: a directory in either
};

/// Throws Error(usage) for options that contradict each other, Error(other) with git's words if a
/// clone fails, Error(configuration) for a variant that is not there or leaves the template.
TemplateSource find_template(const TemplateRequest& request);

}  // namespace pgpm::cli
