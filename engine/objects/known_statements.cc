#include "engine/objects/known_statements.h"

#include <set>

#include "engine/objects/server_catalog.h"

namespace pgpm::objects {

namespace {

std::string place_of(const std::string& file, const std::string& hash) {
  return file + '\0' + hash;
}

/// Names by which parsed declarations call others.
std::set<std::string, std::less<>> called_names(const std::vector<ManagedObject>& objects) {
  std::set<std::string, std::less<>> names;
  for (const ManagedObject& object : objects) {
    for (const sql::Reference& reference : object.definition.references)
      names.insert(reference.name.name);
    for (const sql::TargetName& target : object.definition.targets) names.insert(target.name.name);
  }
  return names;
}

/// The member "name" of an address as the server writes it; nullopt if it has to be unescaped.
std::optional<std::string_view> plain_name(std::string_view address) {
  constexpr std::string_view member = "\"name\": \"";
  const std::size_t at = address.find(member);
  if (at == std::string_view::npos) return std::nullopt;
  address.remove_prefix(at + member.size());
  const std::size_t end = address.find_first_of("\"\\");
  if (end == std::string_view::npos || address[end] == '\\') return std::nullopt;
  return address.substr(0, end);
}

}  // namespace

KnownStatements::KnownStatements(const StoredObjects& objects) {
  by_place_.reserve(objects.size());
  for (const auto& [key, stored] : objects) {
    const auto [known, is_new] =
        by_place_.try_emplace(place_of(stored.file, stored.statement_hash),
                              Known{key, stored.undo, stored.address.json()});
    known->second.is_single = is_new;
  }
}

bool KnownStatements::name(ManagedObject& object) const {
  const auto known = by_place_.find(place_of(object.file, object.hash));
  if (known == by_place_.end() || !known->second.is_single) return false;
  object.key = known->second.key;
  object.undo = known->second.undo;
  object.shown = object.key.identity;
  object.is_parsed = false;
  return true;
}

void KnownStatements::place_named(std::vector<ManagedObject>& objects) const {
  const auto names = called_names(objects);
  for (ManagedObject& object : objects) {
    if (object.is_parsed) continue;
    const std::string& address = by_place_.at(place_of(object.file, object.hash)).address;
    const auto name = plain_name(address);
    if (!name || names.contains(*name)) object.address = address_from_json(address);
  }
}

}  // namespace pgpm::objects
