// Rows of class queries (object_class.h) as objects.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/db/connection.h"
#include "pgpm/catalog.h"

namespace pgpm::catalog {

/// The object of a row whose kind stands in column `first`; the columns before it are not its own.
CatalogObject object_of(const db::Result& result, std::size_t row, std::size_t first = 0);

/// Whether objects in this schema are not listed: our ledger, temporary ones, what options exclude.
bool is_left_out(std::string_view schema, const SnapshotOptions& options);

}  // namespace pgpm::catalog
