// Questions about objects that the server's catalogs answer. All names in the answers are
// qualified, whatever the session's search_path is.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/db/connection.h"
#include "engine/objects/alter_type.h"
#include "engine/objects/managed_object.h"

namespace pgpm::objects {

struct CatalogId {
  std::uint32_t classid = 0, objid = 0;
  auto operator<=>(const CatalogId&) const = default;
};

struct ServerDefinition {
  std::string definition, interface;
};

/// `dependent` needs `required`.
struct CatalogEdge {
  CatalogId dependent, required;
  char type = 'n';  ///< pg_depend.deptype
};

struct Remake {
  std::string kind, identity;      ///< as pg_identify_object() says
  std::string drop_sql, make_sql;  ///< "" = the catalog does not tell how
  std::string what;                ///< in the server's words
  bool is_part = false;            ///< a row type or an array type
};

/// Owner and rights as they were.
struct Rights {
  std::string identity, owner, word, letter;
  std::optional<std::string> acl, column_acl;
};

/// A statement that says something again about an object.
struct Saying {
  int step = 0;  ///< 4: fills or empties a materialized view
  std::string column, statement;
};

class ServerCatalog {
 public:
  /// Inside a transaction; the session's search_path is as users have it.
  explicit ServerCatalog(db::Connection& connection);

  const std::vector<std::string>& search_path() const { return schemas_; }

  std::vector<std::optional<CatalogId>> locate(const std::vector<Address>& addresses);
  std::map<CatalogId, ServerDefinition> definitions(const std::vector<CatalogId>& ids);
  std::vector<CatalogEdge> dependents(const std::vector<CatalogId>& ids);
  std::map<CatalogId, Remake> remakes(const std::vector<CatalogId>& ids);
  std::map<CatalogId, std::vector<Saying>> sayings(const std::vector<CatalogId>& ids);
  std::map<CatalogId, Rights> rights(const std::vector<CatalogId>& ids);
  /// Statements that bring the rights of `now` back to `before`: (role to be, statement).
  std::vector<std::pair<std::string, std::string>> rights_again(CatalogId now,
                                                                const Rights& before);
  /// What this transaction changed or made, more or less.
  std::vector<CatalogId> touched();
  /// Objects whose description stands at the start of a line or of the whole of `text`.
  std::vector<CatalogId> described_in(std::string_view text);
  /// Whether a relation has the column.
  bool has_column(CatalogId relation, const std::string& column);
  /// Of a domain or composite type; empty for other types.
  TypeParts type_parts(CatalogId type);
  /// Materialized views without rows that reading this relation would read, in the order they can
  /// be filled.
  std::vector<std::string> unfilled(const std::string& relation);
  /// Runs with names of the catalogs only, as the definitions of others are worded.
  void run_qualified(const std::string& sql);
  /// A query for these catalogs: written for all versions, and worded with their names.
  db::Result ask(std::string_view sql, const std::vector<db::Param>& params);

 private:
  db::Connection& connection_;
  std::string path_;
  std::vector<std::string> schemas_;
};

std::string address_json(const Address& address);
Address address_from_json(const std::string& text);

}  // namespace pgpm::objects
