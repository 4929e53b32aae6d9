#include "engine/registry/state.h"

namespace pgpm {

namespace {

std::string key_of(std::string_view package, std::string_view name) {
  std::string key;
  key.reserve(package.size() + 1 + name.size());
  key.append(package).append(1, ':').append(name);
  return key;
}

}  // namespace

bool RegistryState::operator==(const RegistryState& other) const {
  return installed == other.installed && version == other.version && changes == other.changes &&
         tags == other.tags && intents == other.intents && managed_objects == other.managed_objects;
}

bool RegistryState::is_at(std::size_t change, std::string_view package,
                          std::string_view name) const {
  return change < changes.size() && changes[change].name == name &&
         changes[change].package == package;
}

const DeployedChange* RegistryState::find(std::string_view package, std::string_view name) const {
  if (next_ == changes.size()) next_ = 0;
  if (is_at(next_, package, name)) return &changes[next_++];
  // Made when it is needed: of ten thousand changes it takes longer than reading their rows.
  if (by_name_.empty()) {
    by_name_.reserve(changes.size());
    for (std::size_t i = 0; i < changes.size(); ++i)
      by_name_.emplace(key_of(changes[i].package, changes[i].name), i);
  }
  const auto found = by_name_.find(key_of(package, name));
  if (found == by_name_.end()) return nullptr;
  next_ = found->second + 1;
  return &changes[found->second];
}

}  // namespace pgpm
