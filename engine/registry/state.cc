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

void RegistryState::index() {
  by_name_.clear();
  by_name_.reserve(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i)
    by_name_.emplace(key_of(changes[i].package, changes[i].name), i);
}

const DeployedChange* RegistryState::find(std::string_view package, std::string_view name) const {
  const auto found = by_name_.find(key_of(package, name));
  return found == by_name_.end() ? nullptr : &changes[found->second];
}

}  // namespace pgpm
