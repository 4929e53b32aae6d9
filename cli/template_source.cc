#include "cli/template_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/child_program.h"
#include "pgpm/error.h"
#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

namespace fs = std::filesystem;

/// "owner/name" is GitHub's unless there is such a directory.
std::string repository_of(const std::string& text) {
  std::error_code error;
  const bool two_words = std::count(text.begin(), text.end(), '/') == 1 &&
                         text.find(':') == text.npos && text.front() != '/' &&
                         text.front() != '.' && text.back() != '/';
  if (two_words && !fs::exists(text, error)) return "https://github.com/" + text + ".git";
  return text;
}

std::unique_ptr<TemporaryDirectory> clone(const TemplateRequest& request) {
  if (request.repo.front() == '-' || (!request.branch.empty() && request.branch.front() == '-'))
    throw Error(ErrorCode::usage, "a repository or branch does not begin with '-'");
  auto place = std::make_unique<TemporaryDirectory>();
  std::vector<std::string> words{"git", "clone", "--quiet", "--depth", "1"};
  if (!request.branch.empty()) {
    words.push_back("--branch");
    words.push_back(request.branch);
  }
  const std::string repository = repository_of(request.repo);
  words.insert(words.end(), {"--", repository, (place->path() / "template").string()});
  const ProgramOutput output = run_quietly(words);
  if (output.status == 127)
    throw Error(ErrorCode::other, "git is needed to fetch a template, and is not installed");
  if (output.status != 0)
    throw Error(ErrorCode::other, fmt::format("git cannot clone {}: {}", redact(repository),
                                              redact(output.err.substr(0, 2000))));
  return place;
}

fs::path variant_of(const fs::path& dir, const std::string& variant) {
  if (variant.empty()) return dir;
  const fs::path chosen = (dir / variant).lexically_normal();
  const fs::path relative = chosen.lexically_relative(dir);
  std::error_code error;
  if (relative.empty() || *relative.begin() == ".." || !fs::is_directory(chosen, error))
    throw Error(ErrorCode::configuration,
                fmt::format("the template has no directory \"{}\"", variant));
  return chosen;
}

}  // namespace

TemplateSource find_template(const TemplateRequest& request) {
  if (!request.template_dir.empty() && !request.repo.empty())
    throw Error(ErrorCode::usage, "--template and --repo are two places for one template");
  TemplateSource source;
  if (request.template_dir.empty() && request.repo.empty()) {
    if (!request.variant.empty() || !request.branch.empty())
      throw Error(ErrorCode::usage, "--dir and --from-branch need --template or --repo");
    return source;
  }
  source.dir = request.template_dir;
  if (!request.repo.empty()) {
    source.clone = clone(request);
    source.dir = source.clone->path() / "template";
  }
  source.dir = variant_of(source.dir, request.variant);
  return source;
}

}  // namespace pgpm::cli
