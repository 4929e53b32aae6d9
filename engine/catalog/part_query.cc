#include "engine/catalog/part_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace pgpm::catalog {

namespace {

constexpr auto relation = PartKey::Kind::relation;

constexpr PartedClass parted[] = {
    {"table", relation, "c.oid"},           {"column", relation, "a.attrelid"},
    {"constraint", relation, "k.conrelid"}, {"index", relation, "i.indrelid"},
    {"trigger", relation, "t.tgrelid"},     {"policy", relation, "p.polrelid"},
    {"rule", relation, "r.ev_class"},       {"view", relation, "c.oid"},
    {"sequence", relation, "c.oid"},        {"statistics", relation, "s.stxrelid"},
    {"composite_type", relation, "c.oid"},  {"function", PartKey::Kind::routine, "p.oid"},
};

constexpr std::string_view select = "SELECT ";

/// From its SELECT on.
std::string_view without_comment(std::string_view query) {
  while (query.starts_with("--")) query.remove_prefix(std::min(query.find('\n'), query.size()) + 1);
  if (!query.starts_with(select))
    throw std::logic_error("a class query that is read in parts does not begin with SELECT");
  return query;
}

}  // namespace

const PartedClass* parted_class(std::string_view file) {
  const auto* found = std::ranges::find(parted, file, &PartedClass::file);
  return found == std::ranges::end(parted) ? nullptr : found;
}

std::string with_part(std::string_view query, std::string_view oid) {
  return fmt::format("{}{}::oid::bigint, {}", select, oid,
                     without_comment(query).substr(select.size()));
}

std::string prepare_parts(std::string_view query, const PartedClass& parted) {
  return fmt::format("PREPARE pgpm_part_{} (pg_catalog.oid[]) AS {}\n   AND {} = ANY ($1)",
                     parted.file, with_part(query, parted.oid), parted.oid);
}

std::string execute_parts(const PartedClass& parted, const std::vector<std::uint32_t>& oids) {
  return fmt::format("EXECUTE pgpm_part_{} ('{{{}}}')", parted.file, fmt::join(oids, ","));
}

}  // namespace pgpm::catalog
