// See lookout.h. A role that is not in pg_read_all_stats sees little of others' sessions: their
// pid, user and application, which is enough to find them.
#include "engine/db/lookout.h"

#include <fmt/format.h>

#include "engine/db/beside.h"
#include "engine/text/ascii.h"

namespace pgpm::db {

namespace {

constexpr std::chrono::milliseconds patience(2000);
constexpr int too_many_failures = 3;

// pg_blocking_pids() stops the lock tables for a moment, so it is only asked about a session that
// waits for a lock. Prepared transactions come back as 0. FROM an empty set if nobody blocks.
constexpr const char* blockers_query =
    "SELECT DISTINCT ON (b.pid) b.pid, a.usename, a.application_name,"
    " CASE WHEN b.pid = 0 THEN 'prepared transaction' WHEN a.backend_type = 'autovacuum worker'"
    " THEN 'autovacuum' ELSE a.state END,"
    " EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.xact_start),"
    " pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
    " pg_catalog.to_char(a.query_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
    " CASE WHEN a.backend_start IS NOT NULL THEN pg_catalog.left(pg_catalog.split_part("
    "pg_catalog.ltrim(a.query, E' \\t\\r\\n'), E'\\n', 1), 300) END"
    " FROM pg_catalog.pg_stat_get_activity($1::int) AS we,"
    " LATERAL pg_catalog.unnest(CASE WHEN we.wait_event_type = 'Lock'"
    " THEN pg_catalog.pg_blocking_pids(we.pid) END) AS b (pid)"
    " LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid ORDER BY b.pid";

// Each phase counts something else: sorting and loading tuples, scanning blocks, waiting lockers.
constexpr const char* progress_query =
    "SELECT phase, CASE unit WHEN 'blocks' THEN blocks_done WHEN 'tuples' THEN tuples_done"
    " WHEN 'lockers' THEN lockers_done ELSE 0 END,"
    " CASE unit WHEN 'blocks' THEN blocks_total WHEN 'tuples' THEN tuples_total"
    " WHEN 'lockers' THEN lockers_total ELSE 0 END, unit FROM (SELECT p.*,"
    " CASE WHEN lockers_total > 0 THEN 'lockers' WHEN tuples_total > 0 THEN 'tuples'"
    " WHEN blocks_total > 0 THEN 'blocks' ELSE '' END AS unit"
    " FROM pg_catalog.pg_stat_progress_create_index AS p WHERE p.pid = $1::int) AS progress";

// What follows the word in ALTER ROLE ... PASSWORD '...' is nobody's business; where the literal
// ends is not asked, the text may be cut.
std::string without_password(std::string query) {
  constexpr std::string_view word = "password";
  for (std::size_t at = 0; at + word.size() <= query.size(); ++at) {
    const std::size_t behind = at + word.size();
    if (!iequals(std::string_view(query).substr(at, word.size()), word)) continue;
    if (query.find_first_of("'$", behind) == std::string::npos) continue;
    return query.substr(0, behind) + " ***";
  }
  return query;
}

Blocker read_blocker(const Result& row, std::size_t at) {
  Blocker blocker;
  blocker.pid = static_cast<int>(row.integer(at, 0));
  blocker.user = row.str(at, 1);
  blocker.application = row.str(at, 2);
  blocker.state = row.str(at, 3);
  if (!row.is_null(at, 4)) blocker.transaction_age = Seconds(row.number(at, 4));
  blocker.connected_since = row.str(at, 5);
  blocker.query_start = row.str(at, 6);
  blocker.query = without_password(row.str(at, 7));
  return blocker;
}

}  // namespace

Connection* Lookout::session() {
  if (session_ && session_->alive()) return &*session_;
  session_.reset();
  if (failures_ >= too_many_failures) return nullptr;
  try {
    session_.emplace(open_beside(watched_, patience));
    session_->give_up_after(patience);
    return &*session_;
  } catch (const Error&) {
    ++failures_;  // nobody else is kept waiting because we are curious
    return nullptr;
  }
}

std::vector<Blocker> Lookout::blockers() {
  std::vector<Blocker> found;
  Connection* other = session();
  if (other == nullptr) return found;
  try {
    const Result rows = other->query(blockers_query, {std::to_string(server_pid(watched_))});
    for (std::size_t i = 0; i < rows.rows(); ++i) found.push_back(read_blocker(rows, i));
    failures_ = 0;
  } catch (const Error&) {
    ++failures_;
  }
  return found;
}

std::optional<IndexBuild> Lookout::index_build() {
  if (watched_.server_version() < 120000) return std::nullopt;
  Connection* other = session();
  if (other == nullptr) return std::nullopt;
  try {
    const Result row = other->query(progress_query, {std::to_string(server_pid(watched_))});
    if (row.rows() == 0) return std::nullopt;
    return IndexBuild{row.str(0, 0), static_cast<std::size_t>(row.integer(0, 1)),
                      static_cast<std::size_t>(row.integer(0, 2)), row.str(0, 3)};
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string Lookout::signal(const Blocker& blocker, Signal signal) {
  Connection* other = session();
  if (other == nullptr) return "no second connection could be made";
  const char* function =
      signal == Signal::end_session ? "pg_terminate_backend" : "pg_cancel_backend";
  try {
    const Result done = other->query(
        fmt::format("SELECT pg_catalog.{}(a.pid) FROM pg_catalog.pg_stat_activity AS a"
                    " WHERE a.pid = $1::int AND ($2 = '' OR pg_catalog.to_char(a.backend_start AT"
                    " TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') = $2)"
                    " AND (COALESCE(a.state, '') LIKE 'idle in transaction%') = $3::boolean",
                    function),
        {std::to_string(blocker.pid), blocker.connected_since,
         signal == Signal::end_session ? "true" : "false"});
    if (done.rows() == 0) return "it is no longer there, or no longer does what it did";
    return done.boolean(0, 0) ? "" : "the signal could not be sent";
  } catch (const Error& error) {
    return error.server() ? error.server()->message : std::string(error.what());
  }
}

}  // namespace pgpm::db
