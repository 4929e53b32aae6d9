#include "engine/objects/declare.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <map>

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

/// A statement of which it is not said yet what it is called.
struct ParsedStatement {
  ManagedObject object;
  std::optional<sql::ParseProblem> problem;
};

/// What one file declares, and what is wrong with it.
struct ReadFile {
  std::vector<ParsedStatement> statements;
  std::vector<ManagedObject> objects;
  std::vector<Diagnostic> problems;
};

ParsedStatement parse_declaration(const std::shared_ptr<const SourceText>& source,
                                  const sql::Statement& statement, const std::string& file) {
  ParsedStatement parsed;
  ManagedObject& object = parsed.object;
  object.source = source;
  object.offset = statement.begin;
  object.text = source->bytes().substr(statement.begin, statement.end - statement.begin);
  object.hash = sql::fingerprint(object.text);
  object.file = file;
  auto result = sql::parse_statement(object.text);
  if (auto* definition = std::get_if<sql::Definition>(&result))
    object.definition = std::move(*definition);
  else
    parsed.problem = std::move(std::get<sql::ParseProblem>(result));
  return parsed;
}

ReadFile parse_file(const std::string& shown_file, const std::string& file, std::string bytes) {
  ReadFile read;
  const auto script = sql::Script::parse(shown_file, std::move(bytes));
  for (const Diagnostic& problem : script->problems())
    if (problem.severity == Severity::error) read.problems.push_back(problem);
  if (script->has_errors()) return read;
  // The script shares its life with every declaration that points into it.
  const std::shared_ptr<const SourceText> source(script, &script->source());
  for (const sql::Statement& statement : script->statements())
    read.statements.push_back(parse_declaration(source, statement, file));
  return read;
}

/// The statement as what it defines; false if there is a problem instead.
bool understand(ParsedStatement& parsed, const Naming& naming, const CodeFolder& folder,
                std::vector<Diagnostic>& problems) {
  ManagedObject& object = parsed.object;
  if (const auto& problem = parsed.problem) {
    auto guessed =
        naming.server_major > our_grammar ? definition_by_words(object.text) : std::nullopt;
    if (!guessed) {
      problems.push_back(
          problem_at(*object.source, object.offset + problem->offset, problem->message));
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

void name_statements(ReadFile& read, const Naming& naming, const CodeFolder& folder) {
  for (ParsedStatement& parsed : read.statements)
    if (understand(parsed, naming, folder, read.problems))
      read.objects.push_back(std::move(parsed.object));
  read.statements.clear();
}

/// In which two objects may not have the same name.
std::string name_space(const ManagedObject& object) {
  const std::string name = readable(object.address.name);
  switch (object.key.kind) {
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::index:
      return "relation " + name;
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::aggregate:
      return "routine " + object.key.identity;
    case ObjectKind::type:
    case ObjectKind::domain:
      return "type " + name;
    default:
      return std::string(object_kind_name(object.key.kind)) + " " + object.key.identity;
  }
}

void report_duplicates(const std::vector<ManagedObject>& objects,
                       std::vector<Diagnostic>& problems) {
  std::map<std::string, const ManagedObject*> first;
  for (const ManagedObject& object : objects) {
    const auto [other, is_new] = first.emplace(name_space(object), &object);
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
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(dir))
    if (entry.path().extension() == ".sql" && !entry.is_directory() &&
        entry.path().filename().string().find(".test.") == std::string::npos)
      files.push_back(entry.path().lexically_relative(dir).generic_string());
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

std::vector<ManagedObject> declare_text(const std::string& shown_file, const std::string& file,
                                        std::string bytes, const Naming& naming,
                                        std::vector<Diagnostic>& problems,
                                        const CodeFolder& folder) {
  ReadFile read = parse_file(shown_file, file, std::move(bytes));
  name_statements(read, naming, folder);
  std::move(read.problems.begin(), read.problems.end(), std::back_inserter(problems));
  return std::move(read.objects);
}

namespace {

/// Modules come from others: nothing of theirs may be read from elsewhere.
bool leaves_module(const fs::path& path, const CodeFolder& folder) {
  if (folder.of != CodeFolder::Of::module) return false;
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  const fs::path module = fs::canonical(fs::path(folder.dir).parent_path(), error);
  return !error && !is_within(real, module);
}

ReadFile read_one(const CodeFolder& folder, const std::string& file) {
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
    read = parse_file(shown_path(path), file, std::move(*bytes));
  return read;
}

/// Side by side where there are many: parsing takes longer than all else there is to do.
std::vector<ReadFile> read_all(const CodeFolder& folder, const std::vector<std::string>& files,
                               const std::shared_future<Naming>& naming) {
  constexpr std::size_t worth_a_thread = 100;
  const std::size_t threads =
      std::max<std::size_t>(1, reader_threads(files.size(), worth_a_thread));
  std::vector<ReadFile> read(files.size());
  std::atomic<std::size_t> next{0}, next_to_name{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < files.size(); i = next++) read[i] = read_one(folder, files[i]);
  };
  const auto name = [&] {
    const Naming& known = naming.get();
    for (std::size_t i = next_to_name++; i < files.size(); i = next_to_name++)
      name_statements(read[i], known, folder);
  };
  for (const auto& step : {std::function<void()>(work), std::function<void()>(name)}) {
    std::vector<std::future<void>> others;
    for (std::size_t i = 1; i < threads; ++i)
      others.push_back(std::async(std::launch::async, step));
    step();
    for (std::future<void>& other : others) other.get();
  }
  return read;
}

std::shared_future<Naming> known(const Naming& naming) {
  std::promise<Naming> promise;
  promise.set_value(naming);
  return promise.get_future().share();
}

}  // namespace

std::vector<ManagedObject> declare_objects_early(const CodeFolder& folder,
                                                 const std::shared_future<Naming>& naming) {
  std::vector<ManagedObject> objects;
  std::vector<Diagnostic> problems;
  for (ReadFile& file : read_all(folder, code_files(folder.dir), naming)) {
    std::move(file.objects.begin(), file.objects.end(), std::back_inserter(objects));
    std::move(file.problems.begin(), file.problems.end(), std::back_inserter(problems));
  }
  report_duplicates(objects, problems);
  if (!problems.empty())
    throw Error(ErrorCode::configuration,
                fmt::format("{} in {}",
                            problems.size() == 1 ? "a problem"
                                                 : fmt::format("{} problems", problems.size()),
                            folder.called()))
        .with(std::move(problems));
  return objects;
}

std::vector<ManagedObject> declare_objects(const CodeFolder& folder, const Naming& naming) {
  return declare_objects_early(folder, known(naming));
}

}  // namespace pgpm::objects
