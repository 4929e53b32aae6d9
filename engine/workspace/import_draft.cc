#include "engine/workspace/import_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "engine/sql/lexer.h"
#include "engine/text/ascii.h"

namespace pgpm {
namespace {

/// Letters, digits and a few more; anything else would not be read by every tool.
std::string plain_part(const std::string& part) {
  std::string text;
  for (const char c : part) text += is_alnum(c) || c == '_' || is_high(c) ? c : '_';
  return text.empty() ? "unnamed" : text;
}

bool is_kind(const std::string& part) {
  constexpr std::array<std::string_view, 8> kinds{"schema",   "table",      "view",   "procedure",
                                                  "sequence", "constraint", "column", "policy"};
  return std::find(kinds.begin(), kinds.end(), part) != kinds.end();
}

/// The last part says what it is, and is not its name.
bool ends_in_kind(const std::vector<std::string>& place) {
  return place.size() > 2 && place.size() % 2 == 1 && is_kind(place.back());
}

void append_revert(const ImportDraft& draft, std::string& text) {
  for (const std::string& why : draft.underivable)
    text += fmt::format("-- revert not derivable: {}\n", why);
  for (const std::string& statement : draft.revert) text += statement + ";\n";
}

std::string statements_of(const ImportDraft& draft) {
  const std::string first = draft.is_folded ? draft.table->text() : draft.statement;
  return first + ";\n" + draft.body;
}

// A body may name what comes later; the server looks when it is called.
constexpr const char* unchecked_bodies = "SET LOCAL check_function_bodies = false;\n\n";

bool has_word(std::string_view text, std::string_view word) {
  sql::Lexer lexer(text);
  for (auto token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next())
    if (lexer.is_word(token, word)) return true;
  return false;
}

}  // namespace

ImportedModule::ImportedChange finished(ImportDraft draft) {
  ImportedModule::ImportedChange change = std::move(draft.change);
  change.deploy = (draft.is_routine ? unchecked_bodies : "") + statements_of(draft);
  append_revert(draft, change.revert);
  for (const std::string& statement : draft.verify) change.verify += statement + ";\n";
  return change;
}

ImportedModule::ImportedChange merged(std::vector<ImportDraft> drafts, const std::string& name) {
  ImportedModule::ImportedChange change;
  change.name = name;
  const bool routines = std::any_of(drafts.begin(), drafts.end(),
                                    [](const ImportDraft& draft) { return draft.is_routine; });
  if (routines) change.deploy = unchecked_bodies;
  for (const ImportDraft& draft : drafts) {
    change.deploy += statements_of(draft);
    for (const std::string& statement : draft.verify) change.verify += statement + ";\n";
  }
  for (auto draft = drafts.rbegin(); draft != drafts.rend(); ++draft)
    append_revert(*draft, change.revert);
  return change;
}

std::string change_name(std::vector<std::string> place, ImportOptions::Naming naming) {
  if (naming == ImportOptions::Naming::flat && ends_in_kind(place)) place.pop_back();
  std::string name;
  for (const std::string& part : place) name += (name.empty() ? "" : "/") + plain_part(part);
  return name.empty() ? "misc/statement" : name;
}

std::vector<std::string> alteration_place(std::vector<std::string> place, std::size_t number) {
  if (ends_in_kind(place)) place.pop_back();
  place.insert(place.end(), {"alterations", fmt::format("alt{:010}", number)});
  return place;
}

std::optional<sql::TableElements> open_table(std::string_view create_table) {
  auto table = sql::table_elements(create_table);
  if (!table || has_word(table->rest, "partition") || has_word(table->rest, "inherits"))
    return std::nullopt;
  return table;
}

std::vector<std::string> exploded(std::string_view statement) {
  auto table = open_table(statement);
  const bool whole =
      !table || table->elements.empty() ||
      std::any_of(table->elements.begin(), table->elements.end(), [](const std::string& element) {
        // What has no name cannot be reverted by name; LIKE is no element to add.
        return !sql::is_column(element) && !lower_case(element).starts_with("constraint");
      });
  if (whole) return {std::string(statement)};
  const std::vector<std::string> elements = std::exchange(table->elements, {});
  std::vector<std::string> statements{table->text()};
  for (const std::string& element : elements)
    statements.push_back(fmt::format("ALTER TABLE {} ADD {}{}", table->name,
                                     sql::is_column(element) ? "COLUMN " : "", element));
  return statements;
}

}  // namespace pgpm
