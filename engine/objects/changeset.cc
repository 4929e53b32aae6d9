#include "engine/objects/changeset.h"

#include <fmt/format.h>

#include <set>

namespace pgpm::objects {

ObjectChangeset compare(const std::vector<ManagedObject>& objects, const ObjectState& state) {
  ObjectChangeset changes;
  std::set<ObjectKey> declared;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    declared.insert(objects[i].key);
    const auto stored = state.objects.find(objects[i].key);
    if (stored == state.objects.end())
      changes.added.push_back(i);
    else if (stored->second.statement_hash != objects[i].hash)
      changes.modified.push_back(i);
  }
  for (const auto& [key, stored] : state.objects)
    if (!declared.contains(key)) changes.removed.push_back(key);
  return changes;
}

void refuse_objects_of_others(const std::vector<ManagedObject>& objects, const ObjectState& state) {
  std::vector<Diagnostic> problems;
  for (const ManagedObject& object : objects) {
    const auto other = state.others.find(object.key);
    if (other == state.others.end()) continue;
    problems.push_back({Severity::error, object.where(),
                        fmt::format("{} {} is managed by {} already, which declares it in {}",
                                    object_kind_name(object.key.kind), object.shown,
                                    owner_name(other->second.owner), other->second.file),
                        std::string(object.source->line_at(object.offset)),
                        "Keep one of the two declarations."});
  }
  if (!problems.empty())
    throw Error(ErrorCode::refused, "objects are declared that belong to others")
        .with(std::move(problems));
}

void refuse_needed_removals(const ObjectChangeset& changes,
                            const std::vector<ManagedObject>& objects, const Naming& naming,
                            const ObjectState& state) {
  std::vector<Diagnostic> problems;
  for (const ObjectKey& key : changes.removed) {
    const StoredObject& stored = state.objects.at(key);
    const Address& address = stored.address.get();
    if (address.klass.empty()) continue;
    for (const std::size_t i : who_names(objects, naming, address)) {
      const ManagedObject& object = objects[i];
      problems.push_back(
          {Severity::error, object.where(),
           fmt::format("{} {} is declared no more (it was in {}), but {} {} needs it",
                       object_kind_name(key.kind), key.identity, stored.file,
                       object_kind_name(object.key.kind), object.shown),
           std::string(object.source->line_at(object.offset)),
           "Change what needs it first, or put the declaration back."});
    }
  }
  if (!problems.empty())
    throw Error(ErrorCode::refused, "objects would be removed that others need")
        .with(std::move(problems));
}

}  // namespace pgpm::objects
