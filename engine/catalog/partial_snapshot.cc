#include "engine/catalog/partial_snapshot.h"

#include <algorithm>
#include <utility>

#include "engine/catalog/snapshot.h"

namespace pgpm::catalog {

class PartReader {
 public:
  static PartedSnapshot parted(CatalogSnapshot snapshot) {
    PartedSnapshot parted;
    parted.database_ = std::move(snapshot.database);
    parted.server_version_ = snapshot.server_version;
    parted.parts_[{}] =
        std::make_shared<const PartedSnapshot::Objects>(std::move(snapshot.objects));
    return parted;
  }
};

CatalogSnapshot PartedSnapshot::whole() const {
  CatalogSnapshot snapshot{database_, server_version_, {}, {}};
  for (const auto& [key, objects] : parts_)
    snapshot.objects.insert(snapshot.objects.end(), objects->begin(), objects->end());
  std::ranges::sort(snapshot.objects);
  return snapshot;
}

std::vector<ObjectDifference> difference(const PartedSnapshot& before,
                                         const PartedSnapshot& after) {
  return pgpm::difference(before.whole(), after.whole());
}

PartedSnapshot read_whole(db::Connection& connection, const SnapshotOptions& options) {
  return PartReader::parted(take_snapshot(connection, options));
}

PartedSnapshot read_moved(db::Connection& connection, const SnapshotOptions& options,
                          const PartedSnapshot&) {
  return read_whole(connection, options);
}

}  // namespace pgpm::catalog
