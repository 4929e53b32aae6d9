#include "engine/migrate/script_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "engine/sql/psql_variables.h"
#include "engine/text/digest.h"
#include "engine/text/file.h"
#include "engine/text/file_ring.h"
#include "engine/text/folder_listings.h"
#include "engine/text/path.h"
#include "engine/workspace/module_search.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const char* what, const char* hint) {
  throw Error(ErrorCode::configuration, fmt::format("{} {}", shown_path(path), what)).hint(hint);
}

[[noreturn]] void refuse_kind(const fs::path& path) {
  refuse(path, "is not a regular file", "a script is a file with SQL in it");
}

/// The file itself or a folder between it and the module. Cheaper than a canonical path, and almost
/// always the answer is no.
bool passes_link(const Module& module, const fs::path& path) {
  std::error_code error;
  for (fs::path at = path; at != module.dir && at.has_relative_path(); at = at.parent_path())
    if (fs::is_symlink(fs::symlink_status(at, error))) return true;
  return false;
}

void check_place(const Module& module, const fs::path& path) {
  if (!passes_link(module, path)) return;
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error) return;  // gone since: reading it says so
  const fs::path base = fs::canonical(module.dir, error);
  if (error || !is_within(real, base))
    refuse(path, "is a link that leaves the module", "put the script itself into the module");
}

std::string_view folder_of(std::string_view file) {
  return file.substr(0, file.rfind('/'));
}

/// What is known of the folder of the last script of a kind. Thousands of scripts in a row are in
/// the same one, and a deploy takes turns between the kinds.
struct KnownFolder {
  std::string path;   ///< it was looked at, and no link leads out of the module
  std::string shown;  ///< what messages put before the file's name
};

std::string shown_prefix(std::string_view folder) {
  const std::string shown = shown_path(folder);
  return shown == "." ? "" : shown + "/";
}

KnownFolder& known_folder(const Module& module, Module::ScriptKind kind, std::string_view folder) {
  thread_local std::array<KnownFolder, 3> known;
  KnownFolder& last = known.at(static_cast<std::size_t>(kind));
  if (folder != last.path) {
    check_place(module, folder);
    last = {std::string(folder), shown_prefix(folder)};
  }
  return last;
}

std::optional<std::string> read_linked(const Module& module, const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) refuse_kind(path);
  check_place(module, path);
  return read_file(path);
}

std::optional<std::string> bytes_of(const Module& module, const std::string& path, PlainFile file) {
  switch (file.kind) {
    case PlainFile::Kind::absent:
      return std::nullopt;
    case PlainFile::Kind::regular:
      return std::move(file.bytes);
    case PlainFile::Kind::link:
      return read_linked(module, path);
    case PlainFile::Kind::other:
      refuse_kind(path);
    case PlainFile::Kind::too_big:
      break;  // there is no limit here
  }
  return std::nullopt;
}

}  // namespace

sql::ScriptUse use_of(Module::ScriptKind kind) {
  return kind == Module::ScriptKind::verify ? sql::ScriptUse::verifying : sql::ScriptUse::lasting;
}

std::optional<std::string> read_script(const Module& module, Module::ScriptKind kind,
                                       const std::string& script_name) {
  const std::string path = module.script_file(kind, script_name);
  known_folder(module, kind, folder_of(path));
  return bytes_of(module, path, read_plain_file(path));
}

namespace {

StoredScript named_script(const Module& module, Module::ScriptKind kind, const std::string& path) {
  const std::string_view folder = folder_of(path);
  StoredScript stored;
  stored.shown_file = known_folder(module, kind, folder).shown + path.substr(folder.size() + 1);
  return stored;
}

void parse_into(StoredScript& stored, const Module& module, Module::ScriptKind kind,
                ScriptBytes read) {
  stored.hash = std::move(read.hash);
  const auto& variables = module.psql_variables[static_cast<std::size_t>(kind)];
  if (!variables.empty()) {
    std::string text = sql::with_psql_variables(read.bytes, variables);
    if (text != read.bytes) stored.as_written = std::exchange(read.bytes, std::move(text));
  }
  stored.script = sql::Script::parse(stored.shown_file, std::move(read.bytes), use_of(kind));
}

}  // namespace

StoredScript load_script(const Module& module, Module::ScriptKind kind,
                         const std::string& script_name) {
  const std::string path = module.script_file(kind, script_name);
  StoredScript stored = named_script(module, kind, path);
  std::optional<std::string> bytes = bytes_of(module, path, read_plain_file(path));
  if (!bytes) return stored;
  std::string hash = sha256_hex(*bytes);
  parse_into(stored, module, kind, {std::move(*bytes), std::move(hash)});
  return stored;
}

StoredScript parse_script(const Module& module, Module::ScriptKind kind,
                          const std::string& script_name, ScriptBytes read) {
  StoredScript stored = named_script(module, kind, module.script_file(kind, script_name));
  parse_into(stored, module, kind, std::move(read));
  return stored;
}

ScriptHasher::ScriptHasher(FolderListings* listings) : listings_(listings) {}
ScriptHasher::~ScriptHasher() = default;

std::string ScriptHasher::hash(const Module& module, const std::string& script_name) {
  const auto bytes = look(module, script_name);
  return bytes ? sha256_hex(*bytes) : std::string();
}

ScriptBytes ScriptHasher::read(const Module& module, const std::string& script_name) {
  const auto bytes = look(module, script_name);
  if (!bytes) return {};
  std::string hash = sha256_hex(*bytes);
  return {bytes_ ? std::move(*bytes_) : std::string(*bytes), std::move(hash)};
}

/// The bytes live until the next look.
std::optional<std::string_view> ScriptHasher::look(const Module& module,
                                                   const std::string& script_name) {
  bytes_.reset();
  Expected single;
  Expected* script = &single;
  if (next_ < expected_.size() && expected_[next_].script_name == &script_name) {
    script = &expected_[next_++];
    if (script->bytes) return script->bytes;
  } else {
    single.path = module.script_file(Module::ScriptKind::deploy, script_name);
  }
  enter(module, folder_of(script->path));
  bytes_ = bytes_of(module, script->path, folder_->read(script->path));
  return bytes_;
}

void ScriptHasher::enter(const Module& module, std::string_view folder) {
  if (folder_ && folder_->path() == folder) return;
  check_place(module, folder);
  folder_ = std::make_unique<PlainFolder>(std::string(folder));
}

std::size_t ScriptHasher::expect(const Module& module, std::span<const Change> changes) {
  expected_.clear();
  next_ = 0;
  for (const Change& change : changes.first(std::min(changes.size(), FileRing::batch))) {
    std::string path = module.script_file(Module::ScriptKind::deploy, change.script_name);
    if (!expected_.empty() && folder_of(path) != folder_of(expected_.front().path)) break;
    expected_.push_back({&change.script_name, std::move(path), {}});
  }
  // Of fewer, listing their folder costs more than it saves.
  constexpr std::size_t few = 8;
  if (listings_ != nullptr && expected_.size() >= few) {
    enter(module, folder_of(expected_.front().path));
    read_expected();
  }
  return expected_.size();
}

void ScriptHasher::read_expected() {
  if (!std::exchange(has_tried_ring_, true)) ring_ = FileRing::open();
  const auto* special = ring_ ? listings_->special(folder_->path()) : nullptr;
  if (special == nullptr) return;
  std::vector<const char*> names;
  std::vector<Expected*> read;
  for (Expected& script : expected_) {
    const char* name = script.path.c_str() + folder_->path().size() + 1;
    if (special->contains(std::string_view(name))) continue;
    names.push_back(name);
    read.push_back(&script);
  }
  const FileRing::Contents& contents = ring_->read(folder_->descriptor(), names);
  for (std::size_t i = 0; i < names.size(); ++i) read[i]->bytes = contents[i];
}

}  // namespace pgpm
