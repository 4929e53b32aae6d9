#include "engine/catalog/version_filter.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/catalog/object_class.h"

using namespace pgpm;
using catalog::for_version;

TEST_CASE("lines are for some versions only") {
  const std::string sql =
      "SELECT a,\n  b,  -- since 14\n  c,  -- before 14\n  d,  -- since 15, before 17\n  e  -- a "
      "note\n";
  CHECK(for_version(sql, 13) == "SELECT a,\n  c,  -- before 14\n  e  -- a note\n");
  CHECK(for_version(sql, 14) == "SELECT a,\n  b,  -- since 14\n  e  -- a note\n");
  CHECK(for_version(sql, 16) ==
        "SELECT a,\n  b,  -- since 14\n  d,  -- since 15, before 17\n  e  -- a note\n");
  CHECK(for_version(sql, 17) == "SELECT a,\n  b,  -- since 14\n  e  -- a note\n");
}

TEST_CASE("ordinary comments and a last line without an end are kept") {
  CHECK(for_version("-- since long ago\nx", 11) == "-- since long ago\nx\n");
  CHECK(for_version("", 11).empty());
  CHECK(for_version("\n\n", 11) == "\n\n");
}

TEST_CASE("who asks what") {
  using catalog::class_queries;
  using catalog::Readers;
  const auto asks = [](const std::vector<std::string>& queries, std::string_view relation) {
    return std::ranges::any_of(queries, [&](const std::string& query) {
      return query.find(relation) != std::string::npos;
    });
  };
  const auto user = class_queries(18, Readers::everybody, ClusterObjects::leave_out);
  const auto superuser = class_queries(18, Readers::superusers, ClusterObjects::leave_out);
  const auto cluster = class_queries(18, Readers::everybody, ClusterObjects::include);
  const auto old = class_queries(11, Readers::everybody, ClusterObjects::include);
  CHECK_FALSE(asks(user, "pg_subscription s"));
  CHECK(asks(superuser, "pg_subscription s"));
  CHECK_FALSE(asks(superuser, "pg_auth_members"));
  CHECK(asks(cluster, "pg_auth_members"));
  CHECK(asks(cluster, "pg_parameter_acl"));
  CHECK_FALSE(asks(old, "pg_parameter_acl"));
  CHECK(asks(old, "pg_auth_members"));
  CHECK_FALSE(asks(old, "inherit_option"));
}

TEST_CASE("every class says what it is and names its columns in the agreed order") {
  for (const catalog::ObjectClass& each : catalog::object_classes()) {
    INFO(each.file);
    CHECK(each.sql.starts_with("-- "));
    const std::size_t kind = each.sql.find("AS kind,");
    const std::size_t schema = each.sql.find("schema", kind);
    const std::size_t identity = each.sql.find("AS identity,", schema);
    const std::size_t within = each.sql.find("AS within,", identity);
    CHECK(within != std::string_view::npos);
  }
}
