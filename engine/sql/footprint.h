// What a statement that runs outside a transaction leaves in the catalogs when it is done, or when
// it was cut off: where to look after a crash. Not a parser: what it does not know has none.
#pragma once

#include <string>
#include <string_view>

namespace pgpm::sql {

struct Footprint {
  enum class Kind {
    none,          ///< nothing to tell by: run it again
    builds_index,  ///< CREATE INDEX CONCURRENTLY name ON table; the name may be left to the server
    drops_index,   ///< DROP INDEX CONCURRENTLY name
    rebuilds_index,  ///< REINDEX ... CONCURRENTLY
    adds_enum_value,
    detaches_partition,  ///< ALTER TABLE table DETACH PARTITION name CONCURRENTLY
    creates_database,
    drops_database,
    creates_tablespace,
    drops_tablespace,
    creates_subscription,
    drops_subscription,
  };
  Kind kind = Kind::none;
  std::string name;   ///< of what is made or taken away: as written, perhaps with a schema
  std::string table;  ///< as written; builds_index, detaches_partition
  std::string label;  ///< adds_enum_value: the literal as written
};
Footprint footprint(std::string_view statement);

/// A name as written, without a schema, as the catalogs have it.
std::string catalog_name(std::string_view written);

/// Such a statement waits for other transactions by design, and nobody queues up behind it: a limit
/// for lock waits would only break it off.
bool waits_for_transactions(const Footprint& footprint);
/// SET and RESET for the session, which what follows in a script may depend on.
bool is_session_setting(std::string_view statement);
/// It may end transactions itself, so that it cannot share one: CALL and DO.
bool may_commit(std::string_view statement);
/// CREATE, DROP and ALTER DATABASE: want nobody else in the database.
bool is_about_database(std::string_view statement);

}  // namespace pgpm::sql
