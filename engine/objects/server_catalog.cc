#include "engine/objects/server_catalog.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/catalog/version_filter.h"
#include "engine/objects/catalog_branches.h"
#include "engine/objects/naming.h"
#include "engine/sql/quote.h"
#include "schema/schema.h"

namespace pgpm::objects {

using Json = nlohmann::json;

namespace {

std::string ids_json(const std::vector<CatalogId>& ids) {
  Json list = Json::array();
  for (const CatalogId& id : ids) list.push_back({{"classid", id.classid}, {"objid", id.objid}});
  return list.dump();
}

CatalogId id_at(const db::Result& rows, std::size_t row, std::size_t column) {
  return {static_cast<std::uint32_t>(rows.integer(row, column)),
          static_cast<std::uint32_t>(rows.integer(row, column + 1))};
}

Json json_of(const Address& address) {
  return {{"class", address.klass},     {"schema", address.name.schema},
          {"name", address.name.name},  {"on_schema", address.on.schema},
          {"on_name", address.on.name}, {"args", address.arguments}};
}

std::optional<std::string> optional_text(const db::Result& rows, std::size_t row,
                                         std::size_t column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return rows.str(row, column);
}

}  // namespace

std::string address_json(const Address& address) {
  return json_of(address).dump();
}

Address address_from_json(const std::string& text) {
  const Json json = Json::parse(text);
  return {json.at("class"),
          {json.at("schema"), json.at("name")},
          {json.at("on_schema"), json.at("on_name")},
          json.at("args")};
}

ServerCatalog::ServerCatalog(db::Connection& connection) : connection_(connection) {
  const db::Result rows = connection.exec(
      "SELECT pg_catalog.current_setting('search_path'), s FROM pg_catalog.unnest("
      "pg_catalog.current_schemas(false)) AS s");
  for (std::size_t row = 0; row < rows.rows(); ++row) schemas_.push_back(rows.str(row, 1));
  if (schemas_.empty())
    throw Error(ErrorCode::refused, "the search_path names no schema that exists")
        .hint(
            "Objects that are declared without a schema need one: create it, or set search_path.");
  path_ = rows.str(0, 0);
}

db::Result ServerCatalog::ask(std::string_view sql, const std::vector<db::Param>& params) {
  connection_.exec("SET LOCAL search_path TO pg_catalog");
  db::Result result =
      connection_.query(catalog::for_version(sql, connection_.server_version() / 10000), params);
  connection_.query("SELECT pg_catalog.set_config('search_path', $1, true)", {path_});
  return result;
}

void ServerCatalog::run_qualified(const std::string& sql) {
  connection_.exec("SET LOCAL search_path TO pg_catalog");
  connection_.exec(sql);
  connection_.query("SELECT pg_catalog.set_config('search_path', $1, true)", {path_});
}

std::vector<std::optional<CatalogId>> ServerCatalog::locate(const std::vector<Address>& addresses) {
  std::vector<std::optional<CatalogId>> found(addresses.size());
  Json wanted = Json::array();
  ObjectClasses classes;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (addresses[i].klass.empty()) continue;
    classes.insert(addresses[i].klass);
    Json one = json_of(addresses[i]);
    one["n"] = i;
    wanted.push_back(std::move(one));
  }
  if (wanted.empty()) return found;
  // Types in signatures are looked up as the session would.
  const db::Result rows =
      connection_.query(with_branches(schema::objects_locate, classes), {wanted.dump()});
  for (std::size_t row = 0; row < rows.rows(); ++row)
    found.at(static_cast<std::size_t>(rows.integer(row, 0))) = id_at(rows, row, 1);
  return found;
}

std::map<CatalogId, ServerDefinition> ServerCatalog::definitions(
    const std::vector<CatalogId>& ids) {
  std::map<CatalogId, ServerDefinition> found;
  if (ids.empty()) return found;
  ObjectClasses classes;
  for (const CatalogId& id : ids) classes.emplace(class_of_catalog(id.classid));
  const db::Result rows = ask(with_branches(schema::objects_definitions, classes), {ids_json(ids)});
  for (std::size_t row = 0; row < rows.rows(); ++row)
    found[id_at(rows, row, 0)] = {rows.str(row, 2), rows.str(row, 3)};
  return found;
}

std::vector<CatalogEdge> ServerCatalog::dependents(const std::vector<CatalogId>& ids) {
  std::vector<CatalogEdge> edges;
  if (ids.empty()) return edges;
  const db::Result rows = ask(schema::objects_dependents, {ids_json(ids)});
  for (std::size_t row = 0; row < rows.rows(); ++row)
    edges.push_back({id_at(rows, row, 0), id_at(rows, row, 2), rows.text(row, 4).at(0)});
  return edges;
}

std::map<CatalogId, Remake> ServerCatalog::remakes(const std::vector<CatalogId>& ids) {
  std::map<CatalogId, Remake> found;
  if (ids.empty()) return found;
  const db::Result rows = ask(schema::objects_remake, {ids_json(ids)});
  for (std::size_t row = 0; row < rows.rows(); ++row)
    found[id_at(rows, row, 0)] = {rows.str(row, 2), rows.str(row, 3), rows.str(row, 4),
                                  rows.str(row, 5), rows.str(row, 6), rows.boolean(row, 7)};
  return found;
}

std::map<CatalogId, std::vector<Saying>> ServerCatalog::sayings(const std::vector<CatalogId>& ids) {
  std::map<CatalogId, std::vector<Saying>> found;
  if (ids.empty()) return found;
  const db::Result rows = ask(schema::objects_keepsake, {ids_json(ids)});
  for (std::size_t row = 0; row < rows.rows(); ++row)
    found[id_at(rows, row, 0)].push_back(
        {static_cast<int>(rows.integer(row, 2)), rows.str(row, 3), rows.str(row, 4)});
  return found;
}

std::map<CatalogId, Rights> ServerCatalog::rights(const std::vector<CatalogId>& ids) {
  std::map<CatalogId, Rights> found;
  if (ids.empty()) return found;
  const db::Result rows = ask(schema::objects_rights, {ids_json(ids)});
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    Rights rights;
    rights.identity = rows.str(row, 2);
    rights.owner = rows.str(row, 3);
    rights.acl = optional_text(rows, row, 4);
    rights.letter = rows.str(row, 5);
    rights.word = rows.str(row, 6);
    rights.column_acl = optional_text(rows, row, 7);
    found[id_at(rows, row, 0)] = std::move(rights);
  }
  return found;
}

std::vector<std::pair<std::string, std::string>> ServerCatalog::rights_again(CatalogId now,
                                                                             const Rights& before) {
  std::vector<std::pair<std::string, std::string>> statements;
  if (before.letter.empty()) return statements;
  const db::Result rows =
      ask(schema::objects_rights_again, {std::to_string(now.classid), std::to_string(now.objid),
                                         before.acl, before.column_acl, before.letter});
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const bool by_another = rows.integer(row, 0) == 2;
    statements.emplace_back(by_another ? rows.str(row, 2) : std::string(), rows.str(row, 3));
  }
  return statements;
}

std::vector<CatalogId> ServerCatalog::touched() {
  const std::string own =
      connection_.exec("SELECT pg_catalog.txid_current() % 4294967296").str(0, 0);
  const db::Result rows = ask(schema::objects_touched, {own});
  std::vector<CatalogId> ids;
  for (std::size_t row = 0; row < rows.rows(); ++row) ids.push_back(id_at(rows, row, 0));
  return ids;
}

namespace {

/// Whether a line begins with these words.
bool begins_a_line(std::string_view text, std::string_view what) {
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + 1)) {
    const std::size_t end = at + what.size();
    if ((at == 0 || text[at - 1] == '\n') &&
        (end == text.size() || text[end] == ' ' || text[end] == '\n'))
      return true;
  }
  return false;
}

}  // namespace

std::vector<CatalogId> ServerCatalog::described_in(std::string_view text) {
  std::vector<CatalogId> ids;
  // As the session words it: the message was worded so as well.
  const db::Result rows = connection_.exec(schema::objects_described);
  for (std::size_t row = 0; row < rows.rows(); ++row)
    if (!rows.text(row, 2).empty() && begins_a_line(text, rows.text(row, 2)))
      ids.push_back(id_at(rows, row, 0));
  return ids;
}

TypeParts ServerCatalog::type_parts(CatalogId type) {
  const db::Result rows = ask(schema::objects_type_parts, {std::to_string(type.objid)});
  TypeParts parts;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::string_view part = rows.text(row, 0);
    std::string name = rows.str(row, 1), definition = rows.str(row, 2);
    if (part == "base") parts.base = std::move(definition);
    if (part == "default") parts.default_value = std::move(definition);
    if (part == "not null") parts.not_null = true;
    if (part == "constraint")
      parts.constraints.emplace(std::move(name), std::move(definition));
    else if (part == "attribute")
      parts.attributes.emplace_back(std::move(name), std::move(definition));
  }
  return parts;
}

std::vector<std::string> ServerCatalog::unfilled(const std::string& relation) {
  const std::string id =
      connection_.query("SELECT pg_catalog.to_regclass($1)::pg_catalog.oid", {relation}).str(0, 0);
  const db::Result rows = ask(schema::objects_unfilled, {id});
  std::vector<std::string> found;
  for (std::size_t row = 0; row < rows.rows(); ++row) found.push_back(rows.str(row, 0));
  return found;
}

bool ServerCatalog::has_column(CatalogId relation, const std::string& column) {
  return connection_
             .query(
                 "SELECT 1 FROM pg_catalog.pg_attribute WHERE attrelid = $1::pg_catalog.oid"
                 " AND attname = $2 AND NOT attisdropped",
                 {std::to_string(relation.objid), column})
             .rows() > 0;
}

}  // namespace pgpm::objects
