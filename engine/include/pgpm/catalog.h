// What a database contains, as a value, and what differs between two of those. A snapshot knows
// nothing of OIDs, of the order in which things were made, or of rows in tables: two databases
// built by different roads to the same place have equal snapshots. The surprising fact: what
// belongs to an extension is not listed, only the extension with its version.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/target.h"

namespace pgpm {

/// One thing worth comparing about an object, e.g. {"owner", "alice"}. A fact that has nothing to
/// say (no comment, no default) is not there.
struct CatalogFact {
  std::string name;
  std::string value;
  auto operator<=>(const CatalogFact&) const = default;
};

/// An object that a script can create, alter or drop.
struct CatalogObject {
  std::string kind;  ///< "table", "column", "function", "default privileges", ...
  std::string
      identity;        ///< qualified and quoted: app.users, app.f(integer), users_pkey on app.users
  std::string within;  ///< kind and identity of what it goes away with ("table app.users"), or ""
  std::vector<CatalogFact> facts;
  auto operator<=>(const CatalogObject&) const = default;
};

/// Everything of one database at one moment. `objects` is sorted by kind and identity.
struct CatalogSnapshot {
  std::string database;
  int server_version =
      0;  ///< e.g. 150018. Definitions are worded by the server: compare like with like.
  std::vector<CatalogObject> objects;
  std::string digest;  ///< of the objects; equal digests, equal objects
};

/// The digest of objects in the order of a snapshot: for snapshots that were kept elsewhere.
std::string catalog_digest(const std::vector<CatalogObject>& objects);

/// Roles, memberships, tablespaces and rights on parameters belong to the whole server. Where
/// several runs share one, they would see each other's.
enum class ClusterObjects { leave_out, include };

struct SnapshotOptions {
  ClusterObjects cluster = ClusterObjects::leave_out;
  /// Schemas to leave out with all that is in them, beside our own ledger and temporary ones.
  std::vector<std::string> exclude_schemas;
};

/// Reads the catalog, consistently also while other sessions change it: what moved under the reader
/// is read again. Throws Error(other) if it never holds still, Error(connection), Error(sql),
/// Error(interrupted).
CatalogSnapshot take_snapshot(const Target& target, const SnapshotOptions& options = {},
                              std::stop_token stop = {});

enum class DifferenceKind { only_in_before, only_in_after, changed };
/// "only_in_before", "only_in_after", "changed".
const char* difference_kind_name(DifferenceKind kind);

/// A fact on both sides; nullopt where it is not there.
struct FactDifference {
  std::string name;
  std::optional<std::string> before;
  std::optional<std::string> after;
  bool operator==(const FactDifference&) const = default;
};

struct ObjectDifference {
  DifferenceKind difference = DifferenceKind::changed;
  std::string kind;
  std::string identity;
  std::string within;
  /// What differs. For an object that is on one side only: all its facts.
  std::vector<FactDifference> facts;
  bool operator==(const ObjectDifference&) const = default;
};

/// Object by object, in the order of the snapshots. Empty: they are equal.
std::vector<ObjectDifference> difference(const CatalogSnapshot& before,
                                         const CatalogSnapshot& after);

/// The same without the parts of objects that came or went as a whole: one table instead of a
/// table, its columns, its indexes and its constraints.
std::vector<ObjectDifference> without_parts(const std::vector<ObjectDifference>& differences);

/// One line for an error message, e.g. "table app.users: not there before",
/// "column app.users.name: not null: true -> (none)". Long values are shortened to where they
/// differ.
std::string describe(const ObjectDifference& difference);

}  // namespace pgpm
