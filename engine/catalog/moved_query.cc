// The surprising fact: an owner travels as one bigint, its catalog's oid above its own, so that a
// look's answer is one array for each catalog and not a row for each relation.
#include "engine/catalog/moved_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "engine/catalog/version_filter.h"
#include "engine/sql/quote.h"
#include "schema/schema.h"

namespace pgpm::catalog {

namespace {

/// pg_class and pg_proc: fixed by the server's source.
constexpr std::uint32_t pg_class = 1259;
constexpr std::uint32_t pg_proc = 1255;

/// A catalog whose rows belong to relations, routines, or (comments) to whatever they are about.
struct ToldApart {
  std::string_view catalog;
  std::string_view where;  ///< rows that are counted; "" = all
  std::string_view owner;  ///< as a bigint; rows of what the server brought along are nobody's
  std::string_view among;  ///< rows of candidates: relations $1, routines $2, anything $3
};

/// Row types and array types come and go with their relation or element. What hangs on a part of a
/// relation (the comment on a constraint) is counted under the part.
constexpr ToldApart told_apart[] = {
    {"pg_class", "", "oid", "oid = ANY ($1)"},
    {"pg_attribute", "attnum > 0", "attrelid", "attrelid = ANY ($1)"},
    {"pg_attrdef", "", "adrelid", "adrelid = ANY ($1)"},
    {"pg_constraint", "", "conrelid", "conrelid = ANY ($1)"},
    {"pg_index", "", "indrelid", "indrelid = ANY ($1)"},
    {"pg_trigger", "", "tgrelid", "tgrelid = ANY ($1)"},
    {"pg_rewrite", "", "ev_class", "ev_class = ANY ($1)"},
    {"pg_policy", "", "polrelid", "polrelid = ANY ($1)"},
    {"pg_inherits", "", "inhrelid", "inhrelid = ANY ($1)"},
    {"pg_partitioned_table", "", "partrelid", "partrelid = ANY ($1)"},
    {"pg_foreign_table", "", "ftrelid", "ftrelid = ANY ($1)"},
    {"pg_sequence", "", "seqrelid", "seqrelid = ANY ($1)"},
    {"pg_statistic_ext", "", "stxrelid", "stxrelid = ANY ($1)"},
    {"pg_type", "NOT (typelem <> 0 AND typarray = 0 AND typcategory = 'A')", "typrelid",
     "typrelid = ANY ($1)"},
    {"pg_depend",
     "deptype = 'e' OR"
     " (classid = 1259 AND refclassid = 1259 AND refobjsubid > 0 AND deptype IN ('a', 'i'))",
     "CASE WHEN deptype = 'e' THEN 0::oid ELSE objid END",
     "classid = 1259 AND objid = ANY ($1) AND deptype <> 'e'"},
    {"pg_proc", "", "CASE WHEN prokind <> 'a' THEN oid ELSE 0::oid END", "oid = ANY ($2)"},
    {"pg_description", "",
     "CASE WHEN classoid IN (1259, 1255, 'pg_constraint'::regclass, 'pg_trigger'::regclass,"
     " 'pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_statistic_ext'::regclass)"
     " THEN objoid ELSE 0::oid END",
     "objoid = ANY ($3)"},
};

std::uint64_t kind_of(const ToldApart& each) {
  return each.catalog == "pg_proc" ? pg_proc : pg_class;
}

std::string owner_of(const ToldApart& each) {
  const std::string kind = each.catalog == "pg_description"
                               ? "(classoid::bigint << 32)"
                               : fmt::format("{}", kind_of(each) << 32U);
  return fmt::format("(CASE WHEN {0} < 16384 THEN 0 ELSE {1} + ({0})::bigint END)", each.owner,
                     kind);
}

std::string condition(std::string_view one, std::string_view other) {
  if (one.empty()) return other.empty() ? "" : fmt::format(" WHERE {}", other);
  return other.empty() ? fmt::format(" WHERE {}", one)
                       : fmt::format(" WHERE ({}) AND ({})", one, other);
}

constexpr std::string_view is_new = "age(xmin) <= (SELECT age($1))";

std::string prepare_counts(const std::vector<std::string>& others) {
  std::string sql;
  std::size_t number = 0;
  const auto prepare = [&](std::string_view owner, std::string_view catalog,
                           const std::string& where) {
    sql += fmt::format(
        "PREPARE pgpm_count_{0} (pg_catalog.xid) AS "
        "SELECT {0}, count(*), array_agg({1}) FILTER (WHERE {2}) FROM pg_catalog.{3}{4};\n",
        number++, owner, is_new, catalog, where);
  };
  for (const ToldApart& each : told_apart)
    prepare(owner_of(each), each.catalog, condition(each.where, ""));
  for (const std::string& catalog : others)
    prepare("0::bigint", sql::quote_identifier(catalog), "");
  return sql;
}

std::string prepare_candidates() {
  std::string sql;
  std::size_t number = 0;
  for (const ToldApart& each : told_apart)
    sql += fmt::format(
        "PREPARE pgpm_candidates_{0} (pg_catalog.oid[], pg_catalog.oid[], pg_catalog.oid[]) AS "
        "SELECT {0}, count(*), array_agg({1}) FROM pg_catalog.{2}{3};\n",
        number++, owner_of(each), each.catalog, condition(each.where, each.among));
  return sql;
}

/// Without comments: what they say of parameters is for people.
std::string without_comments(std::string_view sql, int major) {
  const std::string lines = for_version(sql, major);
  std::string text;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size() - 1) + 1;
    if (lines.compare(at, 2, "--") != 0) text.append(lines, at, end - at);
    at = end;
  }
  return text;
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

/// {1,2,3}; nothing at all is NULL.
std::vector<RowOwner> owners_in(std::string_view array) {
  std::vector<RowOwner> owners;
  const char* at = array.data() + 1;
  const char* const end = array.data() + array.size();
  while (!array.empty() && at < end) {
    std::uint64_t number = 0;
    at = std::from_chars(at, end, number).ptr + 1;
    owners.push_back(
        {static_cast<std::uint32_t>(number >> 32U), static_cast<std::uint32_t>(number)});
  }
  return owners;
}

std::size_t number_of(const db::Result& result, std::size_t row) {
  return static_cast<std::size_t>(result.integer(row, 0));
}

}  // namespace

std::string prepare_moved(int major, const std::vector<std::string>& others) {
  return prepare_counts(others) + prepare_candidates() +
         "PREPARE pgpm_moved_parts (pg_catalog.oid[], pg_catalog.oid[], pg_catalog.bool[]) AS " +
         without_comments(schema::moved_parts, major);
}

std::size_t counted_catalogs(const std::vector<std::string>& others) {
  return std::size(told_apart) + others.size();
}

std::string written_query(const std::vector<std::string>& others) {
  std::string catalogs;
  const auto add = [&](const std::string& catalog) {
    catalogs += fmt::format("{}{}", catalogs.empty() ? "" : ",",
                            sql::quote_literal("pg_catalog." + sql::quote_identifier(catalog)));
  };
  for (const ToldApart& each : told_apart) add(std::string(each.catalog));
  for (const std::string& catalog : others) add(catalog);
  return fmt::format(
      "SELECT CASE WHEN pg_catalog.current_setting('track_counts')::pg_catalog.bool THEN ARRAY("
      "SELECT c.number FROM ROWS FROM (pg_catalog.unnest(ARRAY[{}]::pg_catalog.regclass[])) "
      "WITH ORDINALITY AS c(oid, number) "
      "WHERE pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) OPERATOR(pg_catalog.<>) 0 "
      "OR pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) OPERATOR(pg_catalog.<>) 0 "
      "OR pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) OPERATOR(pg_catalog.<>) 0) END",
      catalogs);
}

std::string count_query(std::size_t catalog, const std::string& mark) {
  return fmt::format("EXECUTE pgpm_count_{} ('{}')", catalog, mark);
}

CatalogCount count_of(const db::Result& result) {
  CatalogCount count;
  count.rows = result.integer(0, 1);
  if (!result.is_null(0, 2)) count.fresh = owners_in(result.text(0, 2));
  return count;
}

std::string tallies_query(const std::vector<std::size_t>& catalogs,
                          const std::vector<std::string>& others) {
  std::string sql;
  for (const std::size_t number : catalogs) {
    if (!sql.empty()) sql += "UNION ALL ";
    if (number < std::size(told_apart)) {
      const ToldApart& each = told_apart[number];
      sql += fmt::format("SELECT {}, count(*), array_agg({}) FROM pg_catalog.{}{}\n", number,
                         owner_of(each), each.catalog, condition(each.where, ""));
    } else {
      sql += fmt::format("SELECT {}, count(*), NULL::bigint[] FROM pg_catalog.{}\n", number,
                         sql::quote_identifier(others.at(number - std::size(told_apart))));
    }
  }
  return sql;
}

std::string candidates_query(std::size_t catalog, const std::vector<RowOwner>& owners) {
  std::array<std::string, 3> lists;
  const auto add = [](std::string& list, std::uint32_t oid) {
    list += fmt::format("{}{}", list.empty() ? "" : ",", oid);
  };
  for (const RowOwner& owner : owners) {
    if (owner.catalog == pg_class) add(lists[0], owner.oid);
    if (owner.catalog == pg_proc) add(lists[1], owner.oid);
    add(lists[2], owner.oid);
  }
  return fmt::format("EXECUTE pgpm_candidates_{} ('{{{}}}', '{{{}}}', '{{{}}}')", catalog, lists[0],
                     lists[1], lists[2]);
}

void add_tallies(const db::Result& result, std::vector<CatalogTally>& tallies) {
  for (std::size_t row = 0; row < result.rows(); ++row) {
    const long rows = result.integer(row, 1);
    CatalogTally& tally = tallies.at(number_of(result, row));
    if (!result.is_null(row, 2))
      tally = tally_of(owners_in(result.text(row, 2)));
    else if (rows > 0)
      tally = {{RowOwner{}, rows}};
  }
}

std::string moved_parts_query(const std::vector<MovedOwner>& moved) {
  return fmt::format(
      "EXECUTE pgpm_moved_parts ({}, {}, {})",
      array_of(moved, [](const auto& each) { return fmt::to_string(each.owner.catalog); }),
      array_of(moved, [](const auto& each) { return fmt::to_string(each.owner.oid); }),
      array_of(moved, [](const auto& each) { return each.known ? "t" : "f"; }));
}

}  // namespace pgpm::catalog
