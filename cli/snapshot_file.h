// A catalog snapshot as a file: JSON that is the same for the same catalog, made to be kept beside
// the sources and compared later. Its form is documented in cli/README.md and
// schema/json/snapshot.schema.json. Knows nothing of databases.
#pragma once

#include <filesystem>
#include <string>

#include "cli/render/json_values.h"
#include "pgpm/catalog.h"

namespace pgpm::cli {

/// A snapshot and what it covers: only snapshots that cover the same can be compared.
struct KeptSnapshot {
  CatalogSnapshot snapshot;
  SnapshotOptions covers;
};

/// The same without passwords, which a file must never hold; the digest is of what is left.
CatalogSnapshot without_secrets(CatalogSnapshot snapshot);

/// The document; `kept` must be without_secrets().
Json to_json(const KeptSnapshot& kept);
/// One object, as it stands in the document.
Json to_json(const CatalogObject& object);

/// Throws Error(configuration), naming the place where it can, if there is no such file, or it is
/// none of ours, of a later format, or not as it was written.
KeptSnapshot read_snapshot_file(const std::filesystem::path& path);

}  // namespace pgpm::cli
