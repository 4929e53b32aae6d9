#include "engine/objects/declare.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <unordered_set>

#include "engine/objects/identify.h"
#include "engine/objects/naming.h"
#include "engine/sql/fingerprint.h"
#include "engine/sql/script.h"
#include "engine/text/file.h"
#include "engine/text/path.h"
#include "engine/text/reader_threads.h"

namespace pgpm::objects {

namespace fs = std::filesystem;

namespace {

constexpr int our_grammar = 15;

Diagnostic problem_at(const SourceText& source, std::size_t offset, std::string message,
                      std::string hint = {}) {
  return {Severity::error, source.location(offset), std::move(message),
          std::string(source.line_at(offset)), std::move(hint)};
}

std::string where_else(const CodeFolder& folder) {
  return fmt::format("Move it to a {}, or out of {}.",
                     folder.of == CodeFolder::Of::module ? "change of the plan" : "migration",
                     folder.called());
}

/// The statement as what it defines; false if there is a problem instead.
bool understand(ManagedObject& object, const Naming& naming, const CodeFolder& folder,
                std::vector<Diagnostic>& problems) {
  auto parsed = sql::parse_statement(object.text);
  if (auto* definition = std::get_if<sql::Definition>(&parsed)) {
    object.definition = std::move(*definition);
  } else {
    const auto& problem = std::get<sql::ParseProblem>(parsed);
    auto guessed =
        naming.server_major > our_grammar ? definition_by_words(object.text) : std::nullopt;
    if (!guessed) {
      problems.push_back(
          problem_at(*object.source, object.offset + problem.offset, problem.message));
      return false;
    }
    object.definition = std::move(*guessed);
    object.understood = false;
  }
  const std::string refusal = identify(object, naming);
  if (!refusal.empty())
    problems.push_back(problem_at(*object.source, object.offset, refusal, where_else(folder)));
  return refusal.empty();
}

/// In which two objects may not have the same name.
std::string name_space(const ObjectKey& key) {
  switch (key.kind) {
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::index:
      return "relation " + key.identity;
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::aggregate:
      return "routine " + key.identity;
    case ObjectKind::type:
    case ObjectKind::domain:
      return "type " + key.identity;
    default:
      return std::string(object_kind_name(key.kind)) + " " + key.identity;
  }
}

bool has_duplicates(const std::vector<ManagedObject>& objects) {
  std::unordered_set<std::string> names;
  return !std::all_of(objects.begin(), objects.end(), [&](const ManagedObject& object) {
    return names.insert(name_space(object.key)).second;
  });
}

void report_duplicates(const std::vector<ManagedObject>& objects,
                       std::vector<Diagnostic>& problems) {
  std::map<std::string, const ManagedObject*> first;
  for (const ManagedObject& object : objects) {
    const auto [other, is_new] = first.emplace(name_space(object.key), &object);
    if (is_new) continue;
    problems.push_back(problem_at(
        *object.source, object.offset,
        fmt::format("{} {} is declared twice: also at {}", object_kind_name(object.key.kind),
                    object.shown, other->second->where().to_string()),
        "Keep one of the two."));
  }
}

/// Paths of the files, relative to the directory, sorted.
std::vector<std::string> code_files(const fs::path& dir) {
  require_code_dir(dir);
  // Every path begins with the directory as it was given.
  const std::size_t dir_length = (dir / "").native().size();
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(dir)) {
    const std::string_view path = entry.path().native();
    const std::string_view name = path.substr(path.rfind('/') + 1);
    if (name.size() > 4 && name.ends_with(".sql") && !entry.is_directory() &&
        name.find(".test.") == std::string_view::npos)
      files.emplace_back(path.substr(dir_length));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

void require_code_dir(const fs::path& dir) {
  std::error_code problem;
  if (!fs::is_directory(dir, problem))
    throw Error(ErrorCode::configuration,
                fmt::format("there is no code directory {}", shown_path(dir)))
        .hint("Make it, or name another one with --code-dir or in pgmg.toml.");
}

namespace {

/// The statements of one file, and what is wrong with it.
struct ReadFile {
  std::vector<ManagedObject> objects;
  std::vector<Diagnostic> problems;
};

/// Statements of which it is not said yet what they declare.
ReadFile read_statements(const std::string& shown_file, const std::string& file,
                         std::string bytes) {
  ReadFile read;
  const auto script = sql::Script::parse(shown_file, std::move(bytes));
  for (const Diagnostic& problem : script->problems())
    if (problem.severity == Severity::error) read.problems.push_back(problem);
  if (script->has_errors()) return read;
  // The script shares its life with every declaration that points into it.
  const std::shared_ptr<const SourceText> source(script, &script->source());
  for (const sql::Statement& statement : script->statements()) {
    ManagedObject& object = read.objects.emplace_back();
    object.source = source;
    object.offset = statement.begin;
    object.text = source->bytes().substr(statement.begin, statement.end - statement.begin);
    object.hash = sql::fingerprint(object.text);
    object.file = file;
  }
  return read;
}

void name_statements(ReadFile& read, const Understanding& understanding, const CodeFolder& folder) {
  std::erase_if(read.objects, [&](ManagedObject& object) {
    return !understanding.known.name(object) &&
           !understand(object, understanding.naming, folder, read.problems);
  });
}

/// Modules come from others: nothing of theirs may be read from elsewhere.
bool leaves_module(const fs::path& path, const CodeFolder& folder) {
  if (folder.of != CodeFolder::Of::module) return false;
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  const fs::path module = fs::canonical(fs::path(folder.dir).parent_path(), error);
  return !error && !is_within(real, module);
}

/// `shown`: the folder as messages name it, with its slash.
ReadFile read_one(const CodeFolder& folder, const std::string& shown, const std::string& file) {
  const fs::path path = fs::path(folder.dir) / file;
  ReadFile read;
  if (leaves_module(path, folder)) {
    read.problems.push_back({Severity::error,
                             {shown_path(path), 0, 0},
                             "the file is a link that leaves the module",
                             {},
                             {}});
    return read;
  }
  // One that is not there any more was removed since it was listed.
  if (auto bytes = read_regular_file(path))
    read = read_statements(shown + file, file, std::move(*bytes));
  return read;
}

/// Side by side where there are many: parsing takes longer than all else there is to do.
void for_each_of(std::size_t count, const std::function<void(std::size_t)>& handle) {
  constexpr std::size_t worth_a_thread = 100;
  const std::size_t threads = std::max<std::size_t>(1, reader_threads(count, worth_a_thread));
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) handle(i);
  };
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < threads; ++i) others.push_back(std::async(std::launch::async, work));
  work();
  for (std::future<void>& other : others) other.get();
}

std::vector<ReadFile> read_all(const CodeFolder& folder, const std::vector<std::string>& files,
                               const std::shared_future<Understanding>& understanding) {
  std::vector<ReadFile> read(files.size());
  // Of the folder alone: a path is not shortened in no time.
  std::string shown = files.empty() ? "" : shown_path(fs::path(folder.dir) / files.front());
  shown.resize(shown.size() - (files.empty() ? 0 : files.front().size()));
  for_each_of(files.size(), [&](std::size_t i) { read[i] = read_one(folder, shown, files[i]); });
  const Understanding& understood = understanding.get();
  for_each_of(files.size(), [&](std::size_t i) { name_statements(read[i], understood, folder); });
  return read;
}

void refuse(std::vector<Diagnostic> problems, const CodeFolder& folder) {
  if (problems.empty()) return;
  const std::string count =
      problems.size() == 1 ? "a problem" : fmt::format("{} problems", problems.size());
  throw Error(ErrorCode::configuration, fmt::format("{} in {}", count, folder.called()))
      .with(std::move(problems));
}

}  // namespace

std::vector<ManagedObject> declare_text(const std::string& shown_file, const std::string& file,
                                        std::string bytes, const Naming& naming,
                                        std::vector<Diagnostic>& problems,
                                        const CodeFolder& folder) {
  ReadFile read = read_statements(shown_file, file, std::move(bytes));
  name_statements(read, {naming, {}}, folder);
  std::move(read.problems.begin(), read.problems.end(), std::back_inserter(problems));
  return std::move(read.objects);
}

std::vector<ManagedObject> declare_objects_early(
    const CodeFolder& folder, const std::shared_future<Understanding>& understanding) {
  std::vector<ReadFile> files = read_all(folder, code_files(folder.dir), understanding);
  std::size_t count = 0;
  for (const ReadFile& file : files) count += file.objects.size();
  std::vector<ManagedObject> objects;
  std::vector<Diagnostic> problems;
  objects.reserve(count);
  for (ReadFile& file : files) {
    std::move(file.objects.begin(), file.objects.end(), std::back_inserter(objects));
    std::move(file.problems.begin(), file.problems.end(), std::back_inserter(problems));
  }
  if (has_duplicates(objects)) {
    parse_known(objects, folder, understanding.get().naming);
    report_duplicates(objects, problems);
  }
  refuse(std::move(problems), folder);
  understanding.get().known.place_named(objects);
  return objects;
}

std::vector<ManagedObject> declare_objects(const CodeFolder& folder, const Naming& naming) {
  std::promise<Understanding> understanding;
  understanding.set_value({naming, {}});
  return declare_objects_early(folder, understanding.get_future().share());
}

void parse_known(std::vector<ManagedObject>& objects, const CodeFolder& folder,
                 const Naming& naming) {
  std::vector<std::vector<Diagnostic>> problems(objects.size());
  for_each_of(objects.size(), [&](std::size_t i) {
    if (objects[i].is_parsed) return;
    objects[i].is_parsed = true;
    understand(objects[i], naming, folder, problems[i]);
  });
  std::vector<Diagnostic> all;
  for (auto& each : problems) std::move(each.begin(), each.end(), std::back_inserter(all));
  refuse(std::move(all), folder);
}

}  // namespace pgpm::objects
