// load_session_project(): everything about a project that its files can tell.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <iterator>
#include <map>

#include "engine/session/metadata.h"
#include "engine/session/project_scan.h"
#include "engine/session/uuid.h"
#include "engine/testing/test_files.h"
#include "engine/testing/test_plan.h"
#include "engine/text/file.h"
#include "engine/text/reader_threads.h"
#include "engine/text/source_text.h"
#include "engine/text/utf8.h"
#include "pgpm/session.h"

namespace pgpm {

namespace {

namespace fs = std::filesystem;

void require_folder(const fs::path& folder) {
  std::error_code error;
  const std::string shown = shown_path(folder);
  const auto refuse = [&](const char* why) {
    throw Error(ErrorCode::configuration, fmt::format("{} {}", shown, why))
        .hint("name the folder that holds the project's deploy.sql");
  };
  if (!fs::exists(folder, error)) refuse("does not exist");
  if (fs::is_symlink(fs::symlink_status(folder, error))) refuse("is a symbolic link");
  if (!fs::is_directory(folder, error)) refuse("is no folder");
}

/// Found only by its exact name, also where file names have no case.
std::string read_deploy_sql(const fs::path& folder) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename() != "deploy.sql") continue;
    if (entry.is_symlink(error))
      throw Error(ErrorCode::configuration, "deploy.sql is a symbolic link")
          .at({shown_path(entry.path()), 0, 0});
    std::optional<std::string> bytes = read_file(entry.path());
    if (!bytes) break;
    if (const std::optional<std::size_t> at = find_invalid_utf8(*bytes))
      throw Error(ErrorCode::configuration,
                  fmt::format("deploy.sql is not UTF-8 text: byte {}", *at))
          .at({shown_path(entry.path()), 0, 0});
    return *std::move(bytes);
  }
  throw Error(ErrorCode::script_missing, fmt::format("{} has no deploy.sql", shown_path(folder)))
      .hint("`pgpm session init` writes a project with one");
}

std::string project_name(const fs::path& folder) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(folder, error);
  const std::string name = (error ? folder : canonical).filename().native();
  return name.empty() ? "project" : name;
}

void find_repeated_ids(const std::vector<SessionFile>& files, std::vector<Diagnostic>& problems) {
  std::map<std::string, std::string> first;
  for (const SessionFile& file : files) {
    if (!file.metadata) continue;
    const auto [known, is_new] = first.emplace(file.metadata->id, file.path);
    if (is_new) continue;
    problems.push_back(
        {Severity::error,
         {file.path, 0, 0},
         fmt::format("id {} is that of {} as well", file.metadata->id, known->second),
         {},
         "give one of them an id of its own"});
  }
}

/// A file that has been read, or what keeps it from being.
struct ReadFile {
  std::optional<SessionFile> file;  ///< of a test only path and content
  std::vector<Diagnostic> problems;
};

ReadFile read_one(const PlainFolder& root, const std::string& path,
                  const SessionScanOptions& options) {
  ReadFile read;
  std::optional<std::string> text = read_project_file(root, path, options, read.problems);
  if (!text) return read;
  SessionFile& file = read.file.emplace();
  file.path = path;
  file.content = *std::move(text);
  file.is_sql = is_sql_file(file.path);
  if (is_in_test_directory(file.path)) return read;
  if (file.is_sql)
    file.metadata = read_metadata(SourceText(file.path, file.content), read.problems);
  return read;
}

/// Side by side where there are many: the server waits for all of them.
std::vector<ReadFile> read_all(const fs::path& folder, const std::vector<std::string>& paths,
                               const SessionScanOptions& options) {
  const PlainFolder root((folder / "").parent_path().native());
  constexpr std::size_t worth_a_thread = 100;
  const std::size_t threads = reader_threads(paths.size(), worth_a_thread);
  std::vector<ReadFile> read(paths.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < paths.size(); i = next++)
      read[i] = read_one(root, paths[i], options);
  };
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < threads; ++i) others.push_back(std::async(std::launch::async, work));
  work();
  for (std::future<void>& other : others) other.get();
  return read;
}

/// "./a.sql" in findings becomes what an editor can open.
void show_from_here(const fs::path& folder, std::vector<Diagnostic>& problems) {
  for (Diagnostic& problem : problems)
    if (problem.where.file.starts_with("./"))
      problem.where.file = shown_path(folder / problem.where.file.substr(2));
}

}  // namespace

SessionProject load_session_project(const fs::path& folder, const SessionScanOptions& options) {
  require_folder(folder);
  SessionProject project;
  project.name = project_name(folder);
  project.root = folder;
  project.deploy_sql = read_deploy_sql(folder);
  std::vector<Diagnostic> problems;
  std::vector<ReadFile> all = read_all(folder, find_project_files(folder, problems), options);
  project.files.reserve(all.size());
  for (ReadFile& read : all) {
    std::move(read.problems.begin(), read.problems.end(), std::back_inserter(problems));
    if (!read.file) continue;
    if (!is_in_test_directory(read.file->path)) {
      project.files.push_back(*std::move(read.file));
      continue;
    }
    project.test_paths.push_back(read.file->path);
    if (read.file->is_sql)
      project.tests.push_back({std::move(read.file->path), std::move(read.file->content)});
  }
  find_repeated_ids(project.files, problems);
  if (problems.empty()) return project;
  show_from_here(folder, problems);
  throw Error(ErrorCode::configuration,
              fmt::format("{} cannot be deployed: its files have {} problem{}", shown_path(folder),
                          problems.size(), problems.size() == 1 ? "" : "s"))
      .with(std::move(problems));
}

std::vector<SessionTestStep> session_test_steps(const SessionProject& project) {
  std::vector<SessionTestStep> steps;
  for (const TestStep& step : plan_tests(project.test_paths))
    steps.push_back(
        {step.ordinal, test_step_name(step.kind), step.path, step.directory, step.depth});
  return steps;
}

std::vector<SessionPlanRow> session_plan(const SessionProject& project, PlanFiles files) {
  std::vector<SessionPlanRow> rows;
  for (const SessionFile& file : project.files) {
    if (files == PlanFiles::sql_only && !file.is_sql) continue;
    SessionPlanRow row{file.path, path_uuid(file.path), true, file.path, {}};
    if (file.metadata) {
      row.id = file.metadata->id;
      row.idempotent = file.metadata->idempotent;
      row.description = file.metadata->description.value_or("");
    }
    if (!file.metadata || file.metadata->sort_keys.empty()) rows.push_back(row);
    if (!file.metadata) continue;
    for (const std::string& key : file.metadata->sort_keys) {
      row.sort_key = key;
      rows.push_back(row);
    }
  }
  std::sort(rows.begin(), rows.end(), [](const SessionPlanRow& a, const SessionPlanRow& b) {
    return std::tie(a.sort_key, a.path) < std::tie(b.sort_key, b.path);
  });
  return rows;
}

}  // namespace pgpm
