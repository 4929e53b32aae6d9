#include "engine/objects/catalog_branches.h"

#include "engine/text/ascii.h"

namespace pgpm::objects {

namespace {

constexpr std::string_view marker = "-- of ";

}  // namespace

std::string_view class_of_catalog(std::uint32_t classid) {
  switch (classid) {
    case 1259:
      return "relation";  // pg_class
    case 1255:
      return "routine";  // pg_proc
    case 1247:
      return "type";  // pg_type
    case 2620:
      return "trigger";  // pg_trigger
    case 2618:
      return "rule";  // pg_rewrite
    case 3256:
      return "policy";  // pg_policy
    case 2617:
      return "operator";  // pg_operator
    case 2605:
      return "cast";  // pg_cast
    default:
      return "";
  }
}

std::string with_branches(std::string_view sql, const ObjectClasses& classes) {
  std::string kept;
  kept.reserve(sql.size());
  bool is_wanted = true;
  while (!sql.empty()) {
    const std::size_t end = sql.find('\n');
    const std::string_view line = trim(sql.substr(0, end));
    if (line.starts_with(marker)) {
      const std::string_view of = line.substr(marker.size());
      is_wanted = of == "all" || classes.contains(of);
    } else if (is_wanted) {
      kept.append(sql.substr(0, end)).push_back('\n');
    }
    sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + 1);
  }
  return kept;
}

}  // namespace pgpm::objects
