#include "engine/catalog/object_rows.h"

#include <algorithm>

namespace pgpm::catalog {

namespace {

constexpr std::string_view ledger_schema = "pgpm_migrate";

}  // namespace

bool is_left_out(std::string_view schema, const SnapshotOptions& options) {
  return schema == ledger_schema || schema.starts_with("pg_temp_") ||
         schema.starts_with("pg_toast") ||
         std::ranges::find(options.exclude_schemas, schema) != options.exclude_schemas.end();
}

CatalogObject object_of(const db::Result& result, std::size_t row, std::size_t first) {
  CatalogObject object{
      result.str(row, first), result.str(row, first + 2), result.str(row, first + 3), {}};
  for (std::size_t column = first + 4; column < result.columns(); ++column)
    if (!result.is_null(row, column))
      object.facts.push_back({std::string(result.name(column)), result.str(row, column)});
  return object;
}

}  // namespace pgpm::catalog
