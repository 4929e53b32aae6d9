#include "engine/catalog/catalog_tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "engine/catalog/version_filter.h"
#include "engine/sql/quote.h"
#include "schema/schema.h"

namespace pgpm::catalog {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
    text.replace(at, from.size(), to), at += to.size();
}

/// Without comments: what they say of placeholders is for people.
std::string template_of(std::string_view sql, int major) {
  const std::string lines = for_version(sql, major);
  std::string text;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size() - 1) + 1;
    if (lines.compare(at, 2, "--") != 0) text.append(lines, at, end - at);
    at = end;
  }
  return text;
}

std::string counts_of(const std::vector<std::string>& catalogs) {
  std::string sql;
  for (const std::string& catalog : catalogs)
    sql += fmt::format(
        "UNION ALL SELECT 0, 0, count(*), bool_or(age(xmin) <= (SELECT age($1))) FROM "
        "pg_catalog.{}\n",
        sql::quote_identifier(catalog));
  return sql;
}

template <class Value>
std::string array_of(const std::vector<MovedOwner>& moved, Value value) {
  std::string text = "'{";
  for (const MovedOwner& each : moved) {
    if (text.size() > 2) text += ',';
    text += value(each);
  }
  return text + "}'";
}

}  // namespace

std::string prepare_tally(int major, const std::vector<std::string>& others) {
  std::string query = template_of(schema::moved_tally, major);
  replace_all(query, "{others}", counts_of(others));
  return "PREPARE pgpm_tally (pg_catalog.xid) AS " + query;
}

std::string tally_query(const std::string& mark) {
  return fmt::format("EXECUTE pgpm_tally ('{}')", mark);
}

TallyReading tally_reading(const db::Result& result) {
  TallyReading reading;
  reading.tallies.reserve(result.rows());
  for (std::size_t row = 0; row < result.rows(); ++row) {
    const RowOwner owner{static_cast<std::uint32_t>(result.integer(row, 0)),
                         static_cast<std::uint32_t>(result.integer(row, 1))};
    reading.tallies.push_back({owner, result.integer(row, 2)});
    if (result.boolean(row, 3)) reading.with_new.push_back(owner);
  }
  std::ranges::sort(reading.tallies, {}, &Tally::owner);
  std::ranges::sort(reading.with_new);
  return reading;
}

std::vector<MovedOwner> moved_owners(const std::vector<Tally>& before, const TallyReading& now) {
  std::vector<MovedOwner> moved;
  auto old = before.begin();
  for (const Tally& each : now.tallies) {
    for (; old != before.end() && old->owner < each.owner; ++old)
      moved.push_back({old->owner, true, true});
    const bool known = old != before.end() && old->owner == each.owner;
    if (!known || old->rows != each.rows || std::ranges::binary_search(now.with_new, each.owner))
      moved.push_back({each.owner, known, false});
    if (known) ++old;
  }
  for (; old != before.end(); ++old) moved.push_back({old->owner, true, true});
  return moved;
}

std::string prepare_moved_parts(int major) {
  return "PREPARE pgpm_moved_parts (pg_catalog.oid[], pg_catalog.oid[], pg_catalog.bool[]) AS " +
         template_of(schema::moved_parts, major);
}

std::string moved_parts_query(const std::vector<MovedOwner>& moved) {
  return fmt::format(
      "EXECUTE pgpm_moved_parts ({}, {}, {})",
      array_of(moved, [](const auto& each) { return fmt::to_string(each.owner.catalog); }),
      array_of(moved, [](const auto& each) { return fmt::to_string(each.owner.oid); }),
      array_of(moved, [](const auto& each) { return each.known ? "t" : "f"; }));
}

}  // namespace pgpm::catalog
