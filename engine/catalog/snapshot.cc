// Takes a snapshot: all classes in one reading. Knows nothing of what the queries ask.
#include "engine/catalog/snapshot.h"

#include <algorithm>
#include <utility>

#include "engine/catalog/object_class.h"
#include "engine/catalog/object_rows.h"
#include "engine/catalog/settled_reading.h"

namespace pgpm::catalog {

namespace {

void add_objects(const db::Result& result, const SnapshotOptions& options,
                 std::vector<CatalogObject>& objects) {
  for (std::size_t row = 0; row < result.rows(); ++row)
    if (!is_left_out(result.text(row, 1), options)) objects.push_back(object_of(result, row));
}

}  // namespace

CatalogSnapshot take_snapshot(db::Connection& connection, const SnapshotOptions& options) {
  const Readers user =
      connection.parameter("is_superuser") == "on" ? Readers::superusers : Readers::everybody;
  CatalogSnapshot snapshot{connection.database(), connection.server_version(), {}, {}};
  read_settled(connection,
               class_queries(connection.server_version() / 10000, user, options.cluster),
               [&](std::size_t query, const db::Result& result) {
                 if (query == 0) snapshot.objects.clear();
                 add_objects(result, options, snapshot.objects);
               });
  std::ranges::sort(snapshot.objects);
  snapshot.digest = catalog_digest(snapshot.objects);
  return snapshot;
}

}  // namespace pgpm::catalog

namespace pgpm {

CatalogSnapshot take_snapshot(const Target& target, const SnapshotOptions& options,
                              std::stop_token stop) {
  db::Connection connection = db::Connection::open(target, std::move(stop));
  return catalog::take_snapshot(connection, options);
}

}  // namespace pgpm
