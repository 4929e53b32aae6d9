#include "engine/objects/declaration_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/objects/naming.h"
#include "engine/text/ascii.h"

namespace pgpm::objects {

namespace {

/// Together with an ending and a number it stays below what file systems take, 255 bytes.
constexpr std::size_t name_limit = 200;

const char* folder_of(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::view:
      return "views";
    case ObjectKind::materialized_view:
      return "materialized_views";
    case ObjectKind::function:
      return "functions";
    case ObjectKind::procedure:
      return "procedures";
    case ObjectKind::aggregate:
      return "aggregates";
    case ObjectKind::type:
      return "types";
    case ObjectKind::domain:
      return "domains";
    case ObjectKind::trigger:
      return "triggers";
    case ObjectKind::rule:
      return "rules";
    case ObjectKind::policy:
      return "policies";
    case ObjectKind::operation:
      return "operators";
    case ObjectKind::cast:
      return "casts";
    case ObjectKind::index:
      return "indexes";
    case ObjectKind::comment:
      return "comments";
    case ObjectKind::grant:
      return "grants";
  }
  return "";
}

/// Letters, digits, _ and - stay, and so does what is no ASCII; a dot would make ".test." possible,
/// which is no declaration.
std::string safe(std::string_view name) {
  std::string text;
  for (const char c : name)
    if (is_alnum(c) || is_high(c) || c == '_' || c == '-')
      text += c;
    else
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return text;
}

/// "integer", "mood_array", "double_precision": without its schema.
std::string type_word(sql::TypeName type) {
  if (type.is_none) return "none";
  const bool is_array = type.is_array;
  type.is_array = false;
  type.name.schema = "pg_catalog";
  std::string word = readable(type);
  std::erase(word, '"');
  std::replace(word.begin(), word.end(), ' ', '_');
  return safe(word) + (is_array ? "_array" : "");
}

/// Not in the middle of a character.
std::string limited(std::string name) {
  if (name.size() <= name_limit) return name;
  std::size_t end = name_limit;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return name.substr(0, end);
}

std::string schema_of(const ManagedObject& object) {
  return object.address.on.schema.empty() ? object.address.name.schema : object.address.on.schema;
}

enum class Types { told, untold };

std::string file_name(const ManagedObject& object, Types types) {
  const Address& address = object.address;
  std::string name = safe(address.name.name);
  if (address.klass == "trigger" || address.klass == "rule" || address.klass == "policy")
    name = safe(address.on.name) + "-" + name;
  if (types == Types::told)
    for (const sql::TypeName& type : object.definition.arguments)
      name += (name.empty() ? "" : "-") + type_word(type);
  return limited(std::move(name));
}

using Called = std::tuple<ObjectKind, std::string, std::string>;

Called called(const ManagedObject& object) {
  return {object.key.kind, schema_of(object), object.address.name.name};
}

}  // namespace

std::vector<std::string> declaration_paths(const std::vector<const ManagedObject*>& objects) {
  std::set<std::string> schemas, taken;
  std::map<Called, std::size_t> namesakes;
  for (const ManagedObject* object : objects) {
    if (const std::string schema = schema_of(*object); !schema.empty()) schemas.insert(schema);
    ++namesakes[called(*object)];
  }
  std::vector<std::string> paths;
  for (const ManagedObject* object : objects) {
    std::string path = folder_of(object->key.kind);
    if (const std::string schema = schema_of(*object); schemas.size() > 1 && !schema.empty())
      path += "/" + safe(schema);
    const std::string& klass = object->address.klass;
    const bool may_have_namesakes = klass == "routine" || klass == "operator";
    const bool has_types =
        klass == "cast" || (may_have_namesakes && namesakes[called(*object)] > 1);
    path += "/" + file_name(*object, has_types ? Types::told : Types::untold);
    std::string one = path;
    for (std::size_t number = 2; !taken.insert(lower_case(one)).second; ++number)
      one = fmt::format("{}~{}", path, number);
    paths.push_back(one + ".sql");
  }
  return paths;
}

}  // namespace pgpm::objects
