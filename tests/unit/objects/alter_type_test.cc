#include "engine/objects/alter_type.h"

#include <catch2/catch.hpp>

#include "engine/objects/naming.h"

using namespace pgpm::objects;

namespace {

std::string altered(const TypeParts& is, const TypeParts& wanted) {
  const auto statements = alter_statements("s.t", is, wanted);
  return statements ? joined(*statements, "; ") : "not possible";
}

TypeParts composite(std::vector<std::pair<std::string, std::string>> attributes) {
  TypeParts parts;
  parts.attributes = std::move(attributes);
  return parts;
}

TypeParts domain(std::map<std::string, std::string> constraints) {
  TypeParts parts;
  parts.base = "integer";
  parts.constraints = std::move(constraints);
  return parts;
}

}  // namespace

TEST_CASE("attributes are dropped, altered and added behind the others") {
  const TypeParts is = composite({{"a", "integer"}, {"b", "text"}});
  CHECK(altered(is, is) == "");
  CHECK(
      altered(is, composite({{"b", "date"}, {"c", "text"}})) ==
      "ALTER TYPE s.t DROP ATTRIBUTE \"a\"; ALTER TYPE s.t ALTER ATTRIBUTE \"b\" TYPE date; ALTER "
      "TYPE s.t ADD ATTRIBUTE \"c\" text");
  CHECK(altered(is, composite({{"b", "text"}, {"a", "integer"}})) == "not possible");
  CHECK(altered(is, composite({{"c", "text"}, {"a", "integer"}, {"b", "text"}})) == "not possible");
  CHECK(altered(is, composite({{"b", "text"}, {"a2", "integer"}})) ==
        "ALTER TYPE s.t DROP ATTRIBUTE \"a\"; ALTER TYPE s.t ADD ATTRIBUTE \"a2\" integer");
}

TEST_CASE("a domain's rules go before new ones come") {
  TypeParts wanted = domain({{"x", "CHECK (value > 1)"}, {"y", "CHECK (value < 9)"}});
  wanted.default_value = "3";
  wanted.not_null = true;
  CHECK(altered(domain({{"x", "CHECK (value > 0)"}}), wanted) ==
        "ALTER DOMAIN s.t DROP CONSTRAINT \"x\"; ALTER DOMAIN s.t SET DEFAULT 3; ALTER DOMAIN s.t "
        "SET "
        "NOT NULL; ALTER DOMAIN s.t ADD CONSTRAINT \"x\" CHECK (value > 1); ALTER DOMAIN s.t ADD "
        "CONSTRAINT \"y\" CHECK (value < 9)");
  CHECK(altered(wanted, wanted) == "");
  CHECK(altered(wanted, domain(wanted.constraints)) ==
        "ALTER DOMAIN s.t DROP DEFAULT; ALTER DOMAIN s.t DROP NOT NULL");
  TypeParts other = wanted;
  other.base = "text";
  CHECK(altered(wanted, other) == "not possible");
}
