#include "engine/catalog/object_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/digest.h"

namespace pgpm::catalog {

namespace {

constexpr std::string_view ledger_schema = "pgpm_migrate";

// Lengths go along, so that no two different snapshots are the same bytes.
void add_text(Sha256& digest, std::string_view text) {
  digest.update(fmt::format("{}:", text.size()));
  digest.update(text);
}

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

std::string digest_of(const std::vector<CatalogObject>& objects) {
  Sha256 digest;
  for (const CatalogObject& object : objects) {
    add_text(digest, object.kind);
    add_text(digest, object.identity);
    add_text(digest, object.within);
    digest.update(fmt::format("{};", object.facts.size()));
    for (const CatalogFact& fact : object.facts) {
      add_text(digest, fact.name);
      add_text(digest, fact.value);
    }
  }
  return digest.finish_hex();
}

}  // namespace pgpm::catalog
