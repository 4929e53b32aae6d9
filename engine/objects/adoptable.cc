#include "engine/objects/adoptable.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/sql/quote.h"
#include "schema/schema.h"

namespace pgpm::objects {

using Json = nlohmann::json;

namespace {

Diagnostic left(std::string message, std::string hint = "It is left to migrations.") {
  return {Severity::warning, {}, std::move(message), "", std::move(hint)};
}

CatalogId id_at(const db::Result& rows, std::size_t row) {
  return {static_cast<std::uint32_t>(rows.integer(row, 0)),
          static_cast<std::uint32_t>(rows.integer(row, 1))};
}

/// An array as the server reads it; NULL = all.
db::Param schema_list(ServerCatalog& catalog, const std::vector<std::string>& schemas) {
  if (schemas.empty()) return std::nullopt;
  const db::Result rows = catalog.ask(
      "SELECT array_agg(w.name), (SELECT w.name FROM unnest(array_agg(w.name)) AS w"
      " (name) WHERE to_regnamespace(quote_ident(w.name)) IS NULL LIMIT 1)"
      " FROM jsonb_array_elements_text($1::jsonb) AS w (name)",
      {Json(schemas).dump()});
  if (!rows.is_null(0, 1))
    throw Error(ErrorCode::configuration, fmt::format("the database has no schema {}",
                                                      sql::quote_identifier(rows.text(0, 1))));
  return rows.str(0, 0);
}

std::map<CatalogId, std::string> needed_by_tables(ServerCatalog& catalog) {
  std::map<CatalogId, std::string> needed;
  const db::Result rows = catalog.ask(schema::objects_adoptable_needed, {});
  for (std::size_t row = 0; row < rows.rows(); ++row) needed[id_at(rows, row)] = rows.str(row, 2);
  return needed;
}

/// What a declaration is about, as adoptable_sayings.sql asks for it.
struct Word {
  std::string word, name;
};

void add_sayings(ServerCatalog& catalog, const std::vector<Word>& words,
                 std::vector<Adoptable>& objects) {
  Json asked = Json::array();
  std::map<CatalogId, Adoptable*> by_id;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    by_id[objects[i].id] = &objects[i];
    asked.push_back({{"classid", objects[i].id.classid},
                     {"objid", objects[i].id.objid},
                     {"word", words[i].word},
                     {"name", words[i].name}});
  }
  const db::Result rows = catalog.ask(schema::objects_adoptable_sayings, {asked.dump()});
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    Adoptable& object = *by_id.at(id_at(rows, row));
    object.statements.push_back(rows.str(row, 3));
    if (!rows.is_null(row, 4))
      object.unsaid.push_back(
          fmt::format("that {} granted it: {}", rows.text(row, 4), rows.text(row, 3)));
  }
}

/// What comes back with an object that is made anew, and is no comment and no filling.
void add_unsaid(ServerCatalog& catalog, std::vector<Adoptable>& objects) {
  std::vector<CatalogId> ids;
  for (const Adoptable& object : objects) ids.push_back(object.id);
  const auto sayings = catalog.sayings(ids);
  for (Adoptable& object : objects)
    if (const auto said = sayings.find(object.id); said != sayings.end())
      for (const Saying& saying : said->second)
        if (!saying.statement.starts_with("COMMENT ON ") &&
            !saying.statement.starts_with("REFRESH "))
          object.unsaid.push_back(saying.statement);
}

}  // namespace

AdoptableObjects read_adoptable(ServerCatalog& catalog, const std::vector<std::string>& schemas) {
  AdoptableObjects found;
  const db::Param list = schema_list(catalog, schemas);
  const auto needed = needed_by_tables(catalog);
  const db::Result rows = catalog.ask(schema::objects_adoptable, {list});
  std::vector<Word> words;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::string what = rows.str(row, 4);
    if (const auto by = needed.find(id_at(rows, row)); by != needed.end()) {
      found.left_out.push_back(left(fmt::format("{}: {} needs it", what, by->second),
                                    "It is left to migrations, since those run first."));
    } else if (!rows.is_null(row, 8)) {
      found.left_out.push_back(left(fmt::format("{}: {}", what, rows.text(row, 8))));
    } else {
      Adoptable object{id_at(rows, row), what, rows.str(row, 5), {rows.str(row, 6)}, {}};
      if (!rows.is_null(row, 7)) object.unsaid.push_back(rows.str(row, 7));
      found.objects.push_back(std::move(object));
      words.push_back({rows.str(row, 2), rows.str(row, 3)});
    }
  }
  add_sayings(catalog, words, found.objects);
  add_unsaid(catalog, found.objects);
  const db::Result others = catalog.ask(schema::objects_unmanaged, {list});
  for (std::size_t row = 0; row < others.rows(); ++row)
    found.left_out.push_back(left(fmt::format("{}: no file can declare it", others.text(row, 0))));
  return found;
}

}  // namespace pgpm::objects
