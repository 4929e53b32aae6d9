// One digest over all objects of a snapshot. Knows nothing of where they came from.
#include <fmt/format.h>

#include <string_view>

#include "engine/text/digest.h"
#include "pgpm/catalog.h"

namespace pgpm {

namespace {

// Lengths go along, so that no two different snapshots are the same bytes.
void add_text(Sha256& digest, std::string_view text) {
  digest.update(fmt::format("{}:", text.size()));
  digest.update(text);
}

}  // namespace

std::string catalog_digest(const std::vector<CatalogObject>& objects) {
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

}  // namespace pgpm
