// The queries of schema/catalog are written for all versions of PostgreSQL: a line that ends in "--
// since 14",
// "-- before 17" or "-- since 15, before 17" is meant for some of them only.
#pragma once

#include <string>
#include <string_view>

namespace pgpm::catalog {

/// The lines of `sql` that PostgreSQL `major` (e.g. 15) is to see.
std::string for_version(std::string_view sql, int major);

}  // namespace pgpm::catalog
