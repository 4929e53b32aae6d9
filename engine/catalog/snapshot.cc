// Takes a snapshot: all classes in one reading, or of a large database in two side by side. Knows
// nothing of what the queries ask.
#include "engine/catalog/snapshot.h"

#include <algorithm>
#include <future>
#include <optional>
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

std::vector<std::string> queries_for(const db::Connection& connection,
                                     const SnapshotOptions& options) {
  const Readers user =
      connection.parameter("is_superuser") == "on" ? Readers::superusers : Readers::everybody;
  return class_queries(connection.server_version() / 10000, user, options.cluster);
}

AnswerSeen gathering(std::vector<CatalogObject>& objects, const SnapshotOptions& options) {
  return [&](std::size_t query, const db::Result& result) {
    if (query == 0) objects.clear();
    add_objects(result, options, objects);
  };
}

CatalogSnapshot snapshot_of(const db::Connection& connection, std::vector<CatalogObject> objects) {
  CatalogSnapshot snapshot{
      connection.database(), connection.server_version(), std::move(objects), {}};
  std::ranges::sort(snapshot.objects);
  snapshot.digest = catalog_digest(snapshot.objects);
  return snapshot;
}

/// Wording so many definitions takes the server longer than another session to begin.
bool is_large(db::Connection& connection) {
  return connection
      .exec(
          "SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 1000 FROM pg_catalog.pg_class"
          " WHERE oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid")
      .boolean(0, 0);
}

/// What two sessions read of one moment; nullopt if there is no second one to be had, or somebody
/// changed something meanwhile.
std::optional<std::vector<CatalogObject>> read_by_two(db::Connection& connection,
                                                      const Target& target,
                                                      const SnapshotOptions& options,
                                                      const std::stop_token& stop) {
  std::vector<std::string> queries = queries_for(connection, options);
  // Columns, functions and indexes, half of the work, are among the first.
  const auto middle = queries.begin() + static_cast<std::ptrdiff_t>(queries.size() * 3 / 7);
  const std::vector<std::string> others(middle, queries.end());
  queries.erase(middle, queries.end());
  std::vector<CatalogObject> objects, objects_of_others;
  try {
    std::future<Reading> beside = std::async(std::launch::async, [&] {
      db::Connection second = db::Connection::open(target, stop);
      return read_once(second, others, gathering(objects_of_others, options));
    });
    const Reading first = read_once(connection, queries, gathering(objects, options));
    const Reading second = beside.get();
    if (!first.undisturbed() || !second.undisturbed() ||
        first.running_before != second.running_before)
      return std::nullopt;
  } catch (const Error& error) {
    // Whatever is wrong shows when one session reads everything.
    if (error.code() == ErrorCode::interrupted) throw;
    return std::nullopt;
  }
  std::ranges::move(objects_of_others, std::back_inserter(objects));
  return objects;
}

}  // namespace

CatalogSnapshot take_snapshot(db::Connection& connection, const SnapshotOptions& options) {
  std::vector<CatalogObject> objects;
  read_settled(connection, queries_for(connection, options), gathering(objects, options));
  return snapshot_of(connection, std::move(objects));
}

CatalogSnapshot take_snapshot_by_two(const Target& target, const SnapshotOptions& options,
                                     const std::stop_token& stop) {
  db::Connection connection = db::Connection::open(target, stop);
  if (is_large(connection))
    if (auto objects = read_by_two(connection, target, options, stop))
      return snapshot_of(connection, std::move(*objects));
  return take_snapshot(connection, options);
}

}  // namespace pgpm::catalog

namespace pgpm {

CatalogSnapshot take_snapshot(const Target& target, const SnapshotOptions& options,
                              std::stop_token stop) {
  return catalog::take_snapshot_by_two(target, options, stop);
}

}  // namespace pgpm
