#include "engine/objects/recorded.h"

#include "engine/objects/definition_digest.h"

namespace pgpm::objects {

bool is_as_recorded(const std::string& digest, const ServerDefinition& definition,
                    int server_major) {
  return !is_of_same_server(digest, server_major) ||
         digest == definition_digest(definition, server_major);
}

std::vector<RecordedObject> look_at_recorded(ServerCatalog& catalog, const StoredObjects& objects,
                                             int server_major) {
  std::vector<RecordedObject> looked_at;
  std::vector<Address> addresses;
  for (const auto& [key, stored] : objects) {
    if (stored.address.get().klass.empty()) continue;
    looked_at.push_back({key, stored, RecordedObject::Condition::gone, ""});
    addresses.push_back(stored.address.get());
  }
  const auto found = catalog.locate(addresses);
  std::vector<CatalogId> ids;
  for (const auto& id : found)
    if (id) ids.push_back(*id);
  const auto definitions = catalog.definitions(ids);
  for (std::size_t i = 0; i < looked_at.size(); ++i) {
    if (!found[i] || !definitions.contains(*found[i])) continue;
    RecordedObject& object = looked_at[i];
    const ServerDefinition& definition = definitions.at(*found[i]);
    object.definition = definition_digest(definition, server_major);
    object.condition = is_as_recorded(object.stored.definition, definition, server_major)
                           ? RecordedObject::Condition::as_recorded
                           : RecordedObject::Condition::changed;
  }
  return looked_at;
}

RecordedWatch::RecordedWatch(ServerCatalog& catalog, const StoredObjects& objects,
                             const Owners& proven, int server_major)
    : server_major_(server_major) {
  StoredObjects unknown;
  for (const auto& [key, stored] : objects) {
    sound_.insert(stored.owner);
    (proven.contains(stored.owner) ? as_recorded_ : unknown).emplace(key, stored);
  }
  for (RecordedObject& object : look_at_recorded(catalog, unknown, server_major))
    if (object.condition == RecordedObject::Condition::as_recorded)
      as_recorded_.emplace(object.key, std::move(object.stored));
    else
      sound_.erase(object.stored.owner);
}

std::vector<RecordedObject> RecordedWatch::settle(db::Connection& connection,
                                                  ServerCatalog& catalog) {
  std::vector<RecordedObject> gone;
  std::vector<std::pair<ObjectKey, std::string>> reworded;
  for (RecordedObject& object : look_at_recorded(catalog, as_recorded_, server_major_)) {
    if (object.condition == RecordedObject::Condition::changed)
      reworded.emplace_back(object.key, object.definition);
    else if (object.condition == RecordedObject::Condition::gone)
      gone.push_back(std::move(object));
  }
  record_definitions(connection, reworded);
  std::vector<ObjectKey> keys;
  for (const RecordedObject& object : gone) keys.push_back(object.key);
  forget_objects(connection, keys);
  return gone;
}

}  // namespace pgpm::objects
