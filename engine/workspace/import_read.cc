// A dump cut into changes. Its order is kept: pg_dump has thought about it.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/sql/parse_tree_inverse.h"
#include "engine/sql/parse_tree_place.h"
#include "engine/sql/script.h"
#include "engine/text/ascii.h"
#include "engine/text/file.h"
#include "pgpm/import.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;
using sql::Place;

std::vector<fs::path> source_files(const fs::path& source) {
  std::error_code error;
  if (fs::is_regular_file(source, error)) return {source};
  if (!fs::is_directory(source, error))
    throw Error(ErrorCode::configuration,
                fmt::format("{} is neither a file nor a folder", shown_path(source)));
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(source))
    if (entry.is_regular_file() && entry.path().extension() == ".sql")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// Letters, digits and a few more; anything else would not be read by every tool.
std::string plain_part(const std::string& part) {
  std::string text;
  for (const char c : part) text += is_alnum(c) || c == '_' || is_high(c) ? c : '_';
  return text.empty() ? "unnamed" : text;
}

/// The ledger of whoever deployed that database is no part of what was deployed.
bool is_ledger(const Place& place) {
  const auto names_it = [](const std::string& name) {
    return name == "pgpm_migrate" || name.starts_with("pgpm_migrate.");
  };
  return names_it(place.provides) || names_it(place.about) ||
         std::any_of(place.mentions.begin(), place.mentions.end(), names_it);
}

class Importing {
 public:
  explicit Importing(ImportRows rows) : rows_(rows) {}

  void read(const fs::path& file) {
    auto bytes = read_regular_file(file);
    if (!bytes) throw Error(ErrorCode::configuration, shown_path(file) + " cannot be read");
    const auto script =
        sql::Script::parse(shown_path(file), std::move(*bytes), sql::ScriptUse::rolled_back);
    for (const sql::Statement& statement : script->statements()) take(*script, statement);
  }

  ImportedModule finish() {
    for (Draft& draft : drafts_) imported_.changes.push_back(finished(draft));
    return std::move(imported_);
  }

 private:
  struct Draft {
    ImportedModule::ImportedChange change;
    std::string body;
    std::vector<std::string> revert, verify, underivable;
    bool is_routine = false;
  };

  void take(const sql::Script& script, const sql::Statement& statement) {
    const std::string_view bytes = script.source().bytes();
    const bool data = statement.kind == sql::Statement::Kind::copy_in;
    const std::string_view text = bytes.substr(statement.begin, statement.end - statement.begin);
    const Place place = sql::place_of(text);
    ++imported_.statements;
    if (place.kind == Place::Kind::setting || is_ledger(place)) return skip();
    if (place.kind == Place::Kind::extension) return add_extension(place.extension);
    const bool rows = data || place.kind == Place::Kind::rows;
    if (rows && rows_ == ImportRows::leave_out) return skip_rows(script, statement);
    if (place.kind == Place::Kind::remark && append_remark(place, text)) return;
    std::string body = std::string(text) + ";\n";
    if (data)
      body += std::string(
                  bytes.substr(statement.data_begin, statement.data_end - statement.data_begin)) +
              "\\.\n";
    add_change(script, statement, place, text, body, rows);
  }

  void skip() { ++imported_.skipped; }

  void skip_rows(const sql::Script& script, const sql::Statement& statement) {
    skip();
    if (warned_of_rows_) return;
    warned_of_rows_ = true;
    imported_.warnings.push_back({Severity::warning, script.source().location(statement.begin),
                                  "rows are left out, here and further down",
                                  std::string(script.source().line_at(statement.begin)),
                                  "--with-data takes them along"});
  }

  void add_extension(const std::string& name) {
    auto& names = imported_.extensions;
    if (name != "plpgsql" && std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
  }

  /// False if what it is about is not in the dump.
  bool append_remark(const Place& place, std::string_view text) {
    auto known = made_.find(place.about);
    if (known == made_.end()) known = made_.find(place.about.substr(0, place.about.find('/')));
    if (known == made_.end() || place.about.empty()) return false;
    drafts_[known->second].body += std::string(text) + ";\n";
    return true;
  }

  void add_change(const sql::Script& script, const sql::Statement& statement, const Place& place,
                  std::string_view text, const std::string& body, bool rows) {
    Draft draft;
    draft.change.name = free_name(place);
    draft.body = body;
    draft.is_routine = place.is_routine;
    draft.change.requires_changes = required(place);
    sql::Inverse inverse = sql::inverse_of(text);
    draft.revert = std::move(inverse.revert);
    draft.verify = std::move(inverse.verify);
    if (!inverse.underivable.empty()) {
      draft.underivable.push_back(inverse.underivable);
      // Rows go with their table; only what stays behind is worth a word.
      if (!rows)
        imported_.warnings.push_back({Severity::warning, script.source().location(statement.begin),
                                      inverse.underivable,
                                      std::string(script.source().line_at(statement.begin)),
                                      "complete the revert script of " + draft.change.name});
    }
    note_made(place);
    drafts_.push_back(std::move(draft));
  }

  std::string free_name(const Place& place) {
    std::string name;
    for (const std::string& part : place.path) name += (name.empty() ? "" : "/") + plain_part(part);
    if (name.empty()) name = "misc/statement";
    std::string free = name;
    for (int number = 2; !names_.insert(free).second; ++number)
      free = fmt::format("{}_{}", name, number);
    return free;
  }

  std::vector<std::string> required(const Place& place) const {
    std::set<std::size_t> needed;
    for (const std::string& name : place.mentions)
      if (name != place.provides)
        for (auto [at, end] = all_made_.equal_range(name); at != end; ++at)
          needed.insert(at->second);
    std::vector<std::string> names;
    for (const std::size_t index : needed) names.push_back(drafts_[index].change.name);
    return names;
  }

  void note_made(const Place& place) {
    if (!place.provides.empty()) {
      made_[place.provides] = drafts_.size();
      all_made_.emplace(place.provides, drafts_.size());
    }
    // schemas/S/tables/T/triggers/X is "S.T/triggers/X" to a comment.
    if (place.path.size() >= 6 && place.path[2] == "tables")
      made_[fmt::format("{}.{}/{}/{}", place.path[1], place.path[3], place.path[4],
                        place.path[5])] = drafts_.size();
  }

  static ImportedModule::ImportedChange finished(Draft& draft) {
    ImportedModule::ImportedChange& change = draft.change;
    change.deploy = fmt::format("-- Deploy: {}\n", change.name);
    for (const std::string& name : change.requires_changes)
      change.deploy += fmt::format("-- requires: {}\n", name);
    // A body may name what comes later; the server looks when it is called.
    if (draft.is_routine) change.deploy += "\nSET LOCAL check_function_bodies = false;\n";
    change.deploy += "\n" + draft.body;
    change.revert = fmt::format("-- Revert: {}\n\n", change.name);
    for (const std::string& why : draft.underivable)
      change.revert += fmt::format("-- revert not derivable: {}\n", why);
    for (const std::string& statement : draft.revert) change.revert += statement + ";\n";
    change.verify = fmt::format("-- Verify: {}\n\n", change.name);
    for (const std::string& statement : draft.verify) change.verify += statement + ";\n";
    return std::move(change);
  }

  ImportRows rows_;
  ImportedModule imported_;
  std::vector<Draft> drafts_;
  std::map<std::string, std::size_t> made_;           // the newest of that name
  std::multimap<std::string, std::size_t> all_made_;  // overloads, too
  std::set<std::string> names_;
  bool warned_of_rows_ = false;
};

}  // namespace

ImportedModule read_import(const fs::path& source, ImportRows rows) {
  Importing importing(rows);
  for (const fs::path& file : source_files(source)) importing.read(file);
  return importing.finish();
}

}  // namespace pgpm
