// A dump cut into changes. Its order is kept: pg_dump has thought about it.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "engine/sql/parse_tree_inverse.h"
#include "engine/sql/parse_tree_place.h"
#include "engine/sql/script.h"
#include "engine/text/file.h"
#include "engine/workspace/import_draft.h"
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

/// The ledger of whoever deployed that database is no part of what was deployed.
bool is_ledger(const Place& place) {
  const auto names_it = [](const std::string& name) {
    return name == "pgpm_migrate" || name.starts_with("pgpm_migrate.");
  };
  return names_it(place.provides) || names_it(place.about) ||
         std::any_of(place.mentions.begin(), place.mentions.end(), names_it);
}

/// What was read, and where to say so.
struct Source {
  const sql::Script& script;
  const sql::Statement& statement;

  SourceLocation location() const { return script.source().location(statement.begin); }
  std::string line() const { return std::string(script.source().line_at(statement.begin)); }
};

class Importing {
 public:
  explicit Importing(const ImportOptions& options) : options_(options) {}

  void read(const fs::path& file) {
    auto bytes = read_regular_file(file);
    if (!bytes) throw Error(ErrorCode::configuration, shown_path(file) + " cannot be read");
    const auto script =
        sql::Script::parse(shown_path(file), std::move(*bytes), sql::ScriptUse::rolled_back);
    for (const sql::Statement& statement : script->statements()) take({*script, statement});
  }

  ImportedModule finish() {
    for (ImportDraft& draft : drafts_) name_absorbing(draft.change.requires_changes);
    std::erase_if(drafts_, [](const ImportDraft& draft) { return draft.is_absorbed; });
    if (options_.changes == ImportOptions::Changes::single) {
      imported_.changes.push_back(merged(std::move(drafts_), options_.single_change));
    } else {
      for (ImportDraft& draft : drafts_) imported_.changes.push_back(finished(std::move(draft)));
    }
    return std::move(imported_);
  }

 private:
  void take(const Source& from) {
    const std::string_view bytes = from.script.source().bytes();
    const sql::Statement& statement = from.statement;
    const std::string_view text = bytes.substr(statement.begin, statement.end - statement.begin);
    ++imported_.statements;
    if (statement.kind == sql::Statement::Kind::copy_in)
      return take_rows(
          from, text,
          bytes.substr(statement.data_begin, statement.data_end - statement.data_begin));
    if (options_.tables != ImportOptions::Tables::atomic) return take(from, text);
    for (const std::string& part : exploded(text)) take(from, part);
  }

  void take(const Source& from, std::string_view text) {
    const Place place = sql::place_of(text);
    if (place.kind == Place::Kind::setting || is_ledger(place)) return skip();
    if (place.kind == Place::Kind::extension) return add_extension(place.extension);
    if (place.kind == Place::Kind::rows) return take_rows(from, text, {});
    if (place.kind == Place::Kind::remark && append_remark(place, text)) return;
    if (place.is_column && append_column(place, text)) return;
    if (place.is_constraint && fold(place, text)) return;
    if (!place.attached_index.empty() && absorb(place, text)) return;
    add_change(from, place, text);
    note_key(place);
  }

  void take_rows(const Source& from, std::string_view text, std::string_view data) {
    const Place place = sql::place_of(text);
    if (is_ledger(place)) return skip();
    if (options_.rows == ImportOptions::Rows::leave_out) return skip_rows(from);
    add_change(from, place, text);
    if (from.statement.kind == sql::Statement::Kind::copy_in)
      drafts_.back().body = std::string(data) + "\\.\n";
  }

  void skip() { ++imported_.skipped; }

  void skip_rows(const Source& from) {
    skip();
    if (warned_of_rows_) return;
    warned_of_rows_ = true;
    imported_.warnings.push_back({Severity::warning, from.location(),
                                  "rows are left out, here and further down", from.line(),
                                  "--with-data takes them along"});
  }

  void add_extension(const std::string& name) {
    auto& names = imported_.extensions;
    if (name != "plpgsql" && std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
  }

  std::optional<std::size_t> index_of(const std::string& name) const {
    const auto known = made_.find(name);
    return name.empty() || known == made_.end() ? std::nullopt : std::optional(known->second);
  }
  ImportDraft* made(const std::string& name) {
    const auto index = index_of(name);
    return index ? &drafts_[*index] : nullptr;
  }

  /// What a remark is about; if the part of a table is not known, the table.
  std::optional<std::size_t> index_of_subject(const Place& remark) const {
    if (const auto index = index_of(remark.about)) return index;
    if (const auto index = indexes_.find(remark.about); index != indexes_.end())
      return index->second;
    return index_of(remark.about.substr(0, remark.about.find('/')));
  }
  ImportDraft* subject_of(const Place& remark) {
    const auto index = index_of_subject(remark);
    return index ? &drafts_[*index] : nullptr;
  }

  /// False if what it is about is not in the source, or it is to have a change of its own.
  bool append_remark(const Place& place, std::string_view text) {
    if (options_.changes == ImportOptions::Changes::alteration) return false;
    ImportDraft* subject = subject_of(place);
    if (subject == nullptr) return false;
    subject->body += std::string(text) + ";\n";
    return true;
  }

  /// A column goes with its table, and so does what undoes it.
  bool append_column(const Place& place, std::string_view text) {
    if (options_.changes == ImportOptions::Changes::alteration) return false;
    ImportDraft* table = made(place.table);
    // What it needs may have been made behind the table.
    if (table == nullptr || !comes_before(place, *table)) return false;
    table->body += std::string(text) + ";\n";
    require(place, *table);
    return true;
  }

  /// Puts a constraint into the statement that makes its table.
  bool fold(const Place& place, std::string_view text) {
    ImportDraft* table = made(place.table);
    if (table == nullptr || !table->table || !may_fold(place, *table)) return false;
    const auto element = sql::added_constraint(text);
    if (!element) return false;
    table->table->elements.push_back(*element);
    table->is_folded = true;
    for (std::string& statement : sql::inverse_of(text).verify)
      table->verify.push_back(std::move(statement));
    require(place, *table);
    name_part(place, static_cast<std::size_t>(table - drafts_.data()));
    return true;
  }

  /// Nothing detaches an index from that of the partitioned table, and what is attached cannot be
  /// dropped: so what makes it goes to the change of the latter, and away with it.
  bool absorb(const Place& place, std::string_view text) {
    const auto whole = indexes_.find(place.index), part = indexes_.find(place.attached_index);
    if (whole == indexes_.end() || part == indexes_.end()) return false;
    ImportDraft& into = drafts_[whole->second];
    ImportDraft& from = drafts_[part->second];
    // Part of a statement that makes a table, it goes with that.
    if (from.is_folded || from.change.place.size() < 6) return false;
    into.body += from.statement + ";\n" + from.body + std::string(text) + ";\n";
    into.verify.insert(into.verify.end(), from.verify.begin(), from.verify.end());
    for (const std::string& name : from.change.requires_changes)
      if (name != into.change.name) add_name(into.change.requires_changes, name);
    from.is_absorbed = true;
    absorbing_[from.change.name] = into.change.name;
    const std::size_t former = part->second;
    for (auto& [name, index] : indexes_)
      if (index == former) index = whole->second;
    for (auto& [name, index] : made_)
      if (index == former) index = whole->second;
    return true;
  }

  void name_absorbing(std::vector<std::string>& names) const {
    std::vector<std::string> now;
    for (std::string name : names) {
      for (auto by = absorbing_.find(name); by != absorbing_.end(); by = absorbing_.find(name))
        name = by->second;
      add_name(now, name);
    }
    names = std::move(now);
  }

  static void add_name(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }

  bool may_fold(const Place& place, const ImportDraft& table) {
    using Tables = ImportOptions::Tables;
    if (options_.tables != Tables::object && options_.tables != Tables::consolidated) return false;
    if (!comes_before(place, table)) return false;
    if (place.refers_to.empty()) return true;
    // Rows come in the order of their tables' names: references must wait until they are there.
    if (options_.tables == Tables::object || options_.rows == ImportOptions::Rows::take)
      return false;
    const ImportDraft* other = made(place.refers_to);
    return other != nullptr && !other->keys_elsewhere;
  }

  bool comes_before(const Place& place, const ImportDraft& table) const {
    for (const std::size_t index : needed(place))
      if (&drafts_[index] > &table) return false;
    return true;
  }

  void require(const Place& place, ImportDraft& draft) {
    for (const std::size_t index : needed(place))
      if (&drafts_[index] != &draft)
        add_name(draft.change.requires_changes, drafts_[index].change.name);
  }

  void add_change(const Source& from, const Place& place, std::string_view text) {
    ImportDraft draft;
    draft.change.place = place_in_module(place);
    draft.change.name = free_name(draft.change.place);
    draft.statement = text;
    draft.is_routine = place.is_routine;
    for (const std::size_t index : needed(place))
      draft.change.requires_changes.push_back(drafts_[index].change.name);
    if (!place.provides.empty()) draft.table = open_table(text);
    sql::Inverse inverse = sql::inverse_of(text);
    draft.revert = std::move(inverse.revert);
    draft.verify = std::move(inverse.verify);
    if (!inverse.underivable.empty()) {
      draft.underivable.push_back(inverse.underivable);
      // Rows go with their table; only what stays behind is worth a word.
      if (place.kind != Place::Kind::rows)
        imported_.warnings.push_back({Severity::warning, from.location(), inverse.underivable,
                                      from.line(),
                                      "complete the revert script of " + draft.change.name});
    }
    note_made(place);
    drafts_.push_back(std::move(draft));
  }

  std::vector<std::string> place_in_module(const Place& place) {
    if (options_.changes != ImportOptions::Changes::alteration) return place.path;
    const bool repeated = !place.path.empty() && place.path.back() == "alteration";
    const ImportDraft* subject = place.kind == Place::Kind::remark ? subject_of(place)
                                 : repeated                        ? made(place.table)
                                                                   : nullptr;
    if (subject == nullptr) return place.path;
    return alteration_place(subject->change.place, ++alterations_[subject->change.name]);
  }

  std::string free_name(const std::vector<std::string>& place) {
    const std::string name = change_name(place, options_.naming);
    std::string free = name;
    for (int number = 2; !names_.insert(free).second; ++number)
      free = fmt::format("{}_{}", name, number);
    return free;
  }

  /// The drafts that make what it mentions or is about.
  std::set<std::size_t> needed(const Place& place) const {
    std::set<std::size_t> indices;
    const auto add = [&](const std::string& name) {
      if (name.empty() || name == place.provides) return;
      for (auto [at, end] = all_made_.equal_range(name); at != end; ++at)
        indices.insert(at->second);
    };
    for (const std::string& name : place.mentions) add(name);
    if (const auto subject = index_of_subject(place)) indices.insert(*subject);
    return indices;
  }

  void note_made(const Place& place) {
    if (!place.provides.empty()) {
      made_[place.provides] = drafts_.size();
      all_made_.emplace(place.provides, drafts_.size());
    }
    name_part(place, drafts_.size());
    // From now on its constraints are those of the table it is part of.
    if (place.path.size() > 4 && place.path[4] == "partitions")
      for (const std::string& name : place.mentions)
        if (ImportDraft* draft = made(name); draft != nullptr && !draft->is_folded)
          draft->table.reset();
  }

  /// schemas/S/tables/T/triggers/X is "S.T/triggers/X" to a comment.
  void name_part(const Place& place, std::size_t draft) {
    if (place.path.size() < 6 || place.path[2] != "tables") return;
    if (place.path[4] == "constraints" || place.path[4] == "indexes")
      indexes_[place.path[1] + "." + place.path[5]] = draft;
    made_[fmt::format("{}.{}/{}/{}", place.path[1], place.path[3], place.path[4], place.path[5])] =
        draft;
  }

  void note_key(const Place& place) {
    if (!place.is_key) return;
    if (ImportDraft* table = made(place.table)) table->keys_elsewhere = true;
  }

  const ImportOptions& options_;
  ImportedModule imported_;
  std::vector<ImportDraft> drafts_;
  std::map<std::string, std::size_t> made_;           // the newest of that name
  std::multimap<std::string, std::size_t> all_made_;  // overloads, too
  std::map<std::string, std::size_t> alterations_;    // by change
  std::map<std::string, std::size_t> indexes_;        // "schema.name", also of constraints
  std::map<std::string, std::string> absorbing_;      // change, by the one that is gone in it
  std::set<std::string> names_;
  bool warned_of_rows_ = false;
};

}  // namespace

ImportedModule read_import(const fs::path& source, const ImportOptions& options) {
  Importing importing(options);
  for (const fs::path& file : source_files(source)) importing.read(file);
  return importing.finish();
}

}  // namespace pgpm
