// Which names in a folder may be something else than regular files. One listing tells it of ten
// thousand files at the price of a hundred questions about single ones.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace pgpm {

/// Each folder is listed once, when it is asked about first. For several threads: they wait while
/// one of them lists.
class FolderListings {
 public:
  using Names = std::set<std::string, std::less<>>;
  /// Links, folders, pipes, sockets and devices, and everything where a listing tells no kinds.
  /// nullptr if the folder cannot be listed. Lives as long as this object.
  const Names* special(const std::string& folder);

 private:
  std::mutex mutex_;
  std::map<std::string, std::optional<Names>> listed_;
};

}  // namespace pgpm
