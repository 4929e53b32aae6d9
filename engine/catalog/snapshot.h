// A snapshot over a connection that is already there, also in the middle of a transaction: what
// that transaction did is seen, and its settings are as before afterwards.
#pragma once

#include "engine/db/connection.h"
#include "pgpm/catalog.h"

namespace pgpm::catalog {

/// As pgpm::take_snapshot. Inside a transaction of the caller's it leaves no trace in it.
CatalogSnapshot take_snapshot(db::Connection& connection, const SnapshotOptions& options = {});

}  // namespace pgpm::catalog
