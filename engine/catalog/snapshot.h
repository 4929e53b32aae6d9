// A snapshot over a connection that is already there, also in the middle of a transaction: what
// that transaction did is seen, and its settings are as before afterwards.
#pragma once

#include <stop_token>

#include "engine/db/connection.h"
#include "pgpm/catalog.h"

namespace pgpm::catalog {

/// As pgpm::take_snapshot. Inside a transaction of the caller's it leaves no trace in it.
CatalogSnapshot take_snapshot(db::Connection& connection, const SnapshotOptions& options = {});
/// As pgpm::take_snapshot: with a second session where there is much to read.
CatalogSnapshot take_snapshot_by_two(const Target& target, const SnapshotOptions& options,
                                     const std::stop_token& stop);

}  // namespace pgpm::catalog
