#include "engine/proof/scratch_database.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "engine/db/admin.h"
#include "engine/db/advisory_lock.h"
#include "engine/db/conninfo.h"
#include "engine/sql/quote.h"
#include "engine/text/ascii.h"

namespace pgpm::proof {

namespace {

/// The comment on a database that may be dropped once nobody holds its lock.
constexpr const char* comment_mark =
    "scratch database of a test run of pgpm; dropped when its owner is gone";
constexpr const char* kept_mark = "database of a test of pgpm that failed; kept to be looked at";
/// A connection limit that nobody else would think of ("pgpm" as a number). CREATE DATABASE can
/// give no comment; until the comment is there, this says that the database is ours.
constexpr int newborn_limit = 0x7067706d;
constexpr std::size_t longest_name = 63;

/// Letters, digits and underscores of the label; the random end always fits.
std::string random_name(const std::string& label) {
  std::random_device source;
  const std::string end = fmt::format("_{:08x}{:08x}", source(), source());
  std::string name = "pgpm_";
  for (const char c : label) {
    const char lower = to_lower(c);
    const bool plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    name += plain ? lower : '_';
  }
  return name.substr(0, longest_name - end.size()) + end;
}

/// Two keys, as the run lock's: one for all scratch databases, one from the name.
bool try_lock(db::Connection& connection, const std::string& name) {
  const db::Result result =
      connection.query("SELECT pg_catalog.pg_try_advisory_lock($1::int, pg_catalog.hashtext($2))",
                       {std::to_string(db::RunLock::key_class + 1), name});
  return result.text(0, 0) == "t";
}

/// Whether its owner, if it is gone, left it to be dropped: the marks of all, or of one.
constexpr const char* abandoned =
    "SELECT datname FROM pg_catalog.pg_database, LATERAL"
    " (SELECT pg_catalog.shobj_description(oid, 'pg_database') AS said) AS comment"
    " WHERE datname ~ '^pgpm_[a-z0-9_]*_[0-9a-f]{16}$'"
    "   AND (said = $1 OR said IS NULL AND datconnlimit = $2::int)"
    "   AND ($3 = '' OR datname = $3)";

db::Result find_abandoned(db::Connection& connection, const std::string& name) {
  return connection.query(abandoned, {comment_mark, std::to_string(newborn_limit), name});
}

}  // namespace

// Locked before it is created: nobody must take it for abandoned while it is young. template0: what
// somebody put into template1 is not ours to prove. The limit goes in the transaction that brings
// the comment, so that there is a mark at every moment, and scripts find the limit that others
// have.
ScratchDatabase::ScratchDatabase(const Target& server, std::stop_token stop,
                                 const std::string& label, const ScratchDatabase* original)
    : target_(db::with_dsn_apart(server).with_database(random_name(label))),
      owner_(db::open_maintenance(server, std::move(stop))) {
  target_.settings.emplace_back("synchronous_commit", "off");
  try_lock(*owner_, name());
  const std::string database = sql::quote_identifier(name());
  owner_->exec(fmt::format(
      "CREATE DATABASE {} TEMPLATE {} CONNECTION LIMIT {}", database,
      original == nullptr ? "template0" : sql::quote_identifier(original->name()), newborn_limit));
  const db::StopMask mask(*owner_);
  owner_->exec(fmt::format("COMMENT ON DATABASE {0} IS {1}; ALTER DATABASE {0} CONNECTION LIMIT -1",
                           database, sql::quote_literal(comment_mark)));
}

ScratchDatabase::~ScratchDatabase() {
  if (kept_) return;
  owner_.reset();
  try {
    db::drop_database(target_, {});
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the server is gone, and it with it
  }
}

void ScratchDatabase::keep() {
  const db::StopMask mask(*owner_);
  owner_->exec(fmt::format("COMMENT ON DATABASE {} IS {}", sql::quote_identifier(name()),
                           sql::quote_literal(kept_mark)));
  kept_ = true;
}

void drop_abandoned_databases(const Target& server, std::stop_token stop) {
  db::Connection connection = db::open_maintenance(server, std::move(stop));
  const db::Result found = find_abandoned(connection, "");
  for (std::size_t row = 0; row < found.rows(); ++row) {
    const std::string name(found.text(row, 0));
    if (!try_lock(connection, name)) continue;
    // Its owner may have marked it as kept, and let go of the lock, since we looked.
    if (find_abandoned(connection, name).rows() == 0) continue;
    try {
      db::drop_database(server.with_database(name), {});
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): somebody else's, or just dropped
    }
  }
}

}  // namespace pgpm::proof
