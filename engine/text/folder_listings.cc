#include "engine/text/folder_listings.h"

#include <dirent.h>

#include <cerrno>
#include <memory>

namespace pgpm {

namespace {

std::optional<FolderListings::Names> list(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir(folder.c_str()), &::closedir);
  if (!listing) return std::nullopt;
  FolderListings::Names special;
  errno = 0;  // the end and a failure look the same otherwise
  while (const struct dirent* entry = ::readdir(listing.get()))
    if (entry->d_type != DT_REG) special.emplace(static_cast<const char*>(entry->d_name));
  if (errno != 0) return std::nullopt;
  return special;
}

}  // namespace

const FolderListings::Names* FolderListings::special(const std::string& folder) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = listed_.find(folder);
  const auto& names =
      known != listed_.end() ? known->second : listed_.emplace(folder, list(folder)).first->second;
  return names ? &*names : nullptr;
}

}  // namespace pgpm
