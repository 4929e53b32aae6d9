// One query tells all kinds, so that a test costs one more round trip. The surprising fact: locks
// show no count, so one that was taken several times is released until it is gone.
#include "engine/testing/leak.h"

#include <fmt/format.h>

#include "engine/sql/quote.h"

namespace pgpm {
namespace {

/// Kind, name, value, how to undo it. Numbers are those of LeakDetector::Kind.
constexpr const char* what_the_session_has = R"(
SELECT 0, pg_catalog.format('%I.%I', schemaname, sequencename), last_value::pg_catalog.text, ''
FROM pg_catalog.pg_sequences WHERE schemaname !~ '^pg_(temp|toast_temp)_'
UNION ALL
SELECT 1, pg_catalog.format('%s%s', key, CASE WHEN shared THEN ', shared' END), '',
       pg_catalog.format('SELECT pg_catalog.pg_advisory_unlock%s(%s)',
                         CASE WHEN shared THEN '_shared' END, key)
FROM (SELECT mode = 'ShareLock' AS shared,
             CASE objsubid WHEN 1 THEN ((classid::pg_catalog.int8 << 32) | objid::pg_catalog.int8)::pg_catalog.text
             ELSE pg_catalog.format('%s, %s', classid::pg_catalog.int8::pg_catalog.bit(32)::pg_catalog.int4,
                                    objid::pg_catalog.int8::pg_catalog.bit(32)::pg_catalog.int4) END AS key
      FROM pg_catalog.pg_locks
      WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid() AND granted
        AND database = (SELECT oid FROM pg_catalog.pg_database
                        WHERE datname = pg_catalog.current_database())) AS held
UNION ALL
SELECT 2, pg_catalog.quote_ident(name), '', pg_catalog.format('DEALLOCATE %I', name)
FROM pg_catalog.pg_prepared_statements WHERE from_sql)";

constexpr const char* where_dblink_is = R"(
SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'dblink')";

std::string open_links(const std::string& schema) {
  const std::string quoted = sql::quote_identifier(schema);
  return fmt::format(R"(
UNION ALL
SELECT 3, name, '', pg_catalog.format('SELECT %s.dblink_disconnect(%L)', {1}, name)
FROM pg_catalog.unnest({0}.dblink_get_connections()) AS open(name))",
                     quoted, sql::quote_literal(quoted));
}

constexpr int most_times_locked = 1000;

}  // namespace

LeakDetector::LeakDetector(db::Connection& connection)
    : connection_(connection), query_(what_the_session_has) {
  const db::Result dblink = connection.exec(where_dblink_is);
  if (dblink.rows() > 0) query_ += open_links(dblink.str(0, 0));
  base_ = known_ = read();
}

LeakDetector::Footprint LeakDetector::read() const {
  Footprint footprint;
  const db::Result rows = connection_.exec(query_);
  for (std::size_t row = 0; row < rows.rows(); ++row)
    footprint[{static_cast<Kind>(rows.integer(row, 0)), rows.str(row, 1)}] = {rows.str(row, 2),
                                                                              rows.str(row, 3)};
  return footprint;
}

std::string LeakDetector::words(const Key& key, const Trace* before, const Trace& now) {
  const auto& [kind, name] = key;
  switch (kind) {
    case Kind::sequence:
      return before->value.empty()
                 ? fmt::format("sequence {}, which was unused and went to {}", name, now.value)
                 : fmt::format("sequence {}, which went from {} to {}", name, before->value,
                               now.value.empty() ? "unused" : now.value);
    case Kind::lock:
      return fmt::format("advisory lock ({}), which is still held", name);
    case Kind::statement:
      return fmt::format("prepared statement {}", name);
    case Kind::link:
      return fmt::format("dblink connection {}, which is still open", name);
  }
  return {};
}

Leaks LeakDetector::changes_since(const Footprint& before, const Footprint& now) const {
  Leaks leaks;
  for (const auto& [key, trace] : now) {
    const auto known = before.find(key);
    const bool is_new = known == before.end();
    if (key.first == Kind::sequence && !base_.contains(key)) continue;
    if (is_new || known->second.value != trace.value)
      leaks.push_back(words(key, is_new ? nullptr : &known->second, trace));
  }
  return leaks;
}

void LeakDetector::undo(const Footprint& before, const Footprint& now) const {
  for (const auto& [key, trace] : now)
    if (!trace.undo.empty() && !before.contains(key)) connection_.exec(trace.undo);
}

Leaks LeakDetector::after_test() {
  Footprint now = read();
  Leaks leaks = changes_since(known_, now);
  const auto is_left = [&] {
    for (const auto& [key, trace] : now)
      if (!trace.undo.empty() && !known_.contains(key)) return true;
    return false;
  };
  for (int times = 0; is_left() && times < most_times_locked; ++times) {
    undo(known_, now);
    now = read();
  }
  known_ = std::move(now);
  return leaks;
}

Leaks LeakDetector::after_fixture() {
  Footprint now = read();
  Footprint judged = now;
  std::erase_if(judged, [](const auto& entry) { return entry.first.first == Kind::lock; });
  Leaks leaks = changes_since(known_, judged);
  known_ = std::move(now);
  return leaks;
}

Leaks LeakDetector::at_end() {
  Footprint locks = read();
  std::erase_if(locks, [](const auto& entry) { return entry.first.first != Kind::lock; });
  Leaks leaks = changes_since(base_, locks);
  known_ = base_;
  after_test();
  return leaks;
}

}  // namespace pgpm
