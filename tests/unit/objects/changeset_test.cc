// Files against what was applied last.
#include "engine/objects/changeset.h"

#include <catch2/catch.hpp>

#include "engine/objects/severity.h"
#include "tests/support/workshop.h"
#include "tests/unit/objects/declared.h"

using namespace pgpm;
using namespace pgpm::objects;

namespace {

ObjectState state_of(const std::vector<ManagedObject>& objects) {
  ObjectState state;
  for (const ManagedObject& object : objects)
    state.objects[object.key] = {
        object.hash, "", object.file, object.undo, StoredAddress(object.address), ""};
  return state;
}

}  // namespace

TEST_CASE("added, modified and removed") {
  const auto before =
      declared("CREATE VIEW a AS SELECT 1; CREATE VIEW b AS SELECT 1; CREATE VIEW c AS SELECT 1;");
  const auto now =
      declared("CREATE VIEW d AS SELECT 1; CREATE VIEW a AS SELECT 2; CREATE VIEW b AS select 1;");
  const ObjectChangeset changes = compare(now, state_of(before));
  REQUIRE(changes.added == std::vector<std::size_t>{0});
  REQUIRE(changes.modified == std::vector<std::size_t>{1});
  REQUIRE(changes.removed.size() == 1);
  CHECK(changes.removed[0].identity == "public.c");
  CHECK(compare(before, state_of(before)).empty());
}

TEST_CASE("an object that another owner applied is refused, whoever that is") {
  const auto objects = declared("CREATE VIEW a AS SELECT 1;");
  ObjectState state = state_of(objects);
  CHECK_NOTHROW(refuse_objects_of_others(objects, state));
  std::swap(state.objects, state.others);
  const std::string owner = GENERATE("shop", "");
  state.others.begin()->second.owner = owner;
  const Error error = tests::error_of([&] { refuse_objects_of_others(objects, state); });
  CHECK(error.code() == ErrorCode::refused);
  CHECK(tests::messages(error) ==
        "view a is managed by " + owner_name(owner) + " already, which declares it in x.sql\n");
}

TEST_CASE("what is still named is not removed") {
  const auto before = declared(
      "CREATE VIEW a AS SELECT 1 AS x; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT x "
      "FROM a';");
  const auto refused = [&](const std::string& text) {
    const auto now = declared(text);
    const ObjectState state = state_of(before);
    try {
      refuse_needed_removals(compare(now, state), now, {}, state);
    } catch (const Error& error) {
      return tests::messages(error);
    }
    return std::string();
  };
  CHECK(refused("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT x FROM a';") ==
        "view public.a is declared no more (it was in x.sql), but function f needs it\n");
  CHECK(
      refused("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT x FROM other.a';").empty());
  CHECK(refused("CREATE VIEW a AS SELECT 2;").empty());
  // Another kind took its place.
  CHECK(refused(
            "CREATE MATERIALIZED VIEW a AS SELECT 1 AS x; CREATE FUNCTION f() RETURNS int LANGUAGE "
            "sql AS 'SELECT x FROM a';")
            .empty());
}

TEST_CASE("what programs notice of an update") {
  const auto of = compatibility_of_update;
  CHECK(of(ObjectKind::view, "a integer", "a integer") == Compatibility::transient);
  CHECK(of(ObjectKind::view, "a integer", "a bigint") == Compatibility::breaking);
  CHECK(of(ObjectKind::view, "", "a integer") == Compatibility::breaking);
  CHECK(of(ObjectKind::type, "enum 'a', 'b'", "enum 'a', 'x', 'b', 'c'") ==
        Compatibility::transient);
  CHECK(of(ObjectKind::type, "enum 'a', 'b'", "enum 'a'") == Compatibility::breaking);
  CHECK(of(ObjectKind::type, "enum 'a', 'b'", "enum 'b', 'a'") == Compatibility::breaking);
  CHECK(of(ObjectKind::type, "enum 'a'", "composite a integer") == Compatibility::breaking);
  CHECK(of(ObjectKind::trigger, "", "") == Compatibility::safe);
  CHECK(of(ObjectKind::comment, "", "") == Compatibility::safe);
  CHECK(compatibility_of_removal(ObjectKind::view) == Compatibility::breaking);
  CHECK(compatibility_of_removal(ObjectKind::index) == Compatibility::safe);
  CHECK(compatibility_of_removal(ObjectKind::grant) == Compatibility::breaking);
}

TEST_CASE("a migration is as bad as its worst statement") {
  const auto of = [](const std::string& text) {
    return compatibility_of_migration(*sql::Script::parse("m.sql", text));
  };
  CHECK(of("CREATE TABLE t (id int); INSERT INTO t VALUES (1); COMMENT ON TABLE t IS 'x';") ==
        Compatibility::safe);
  CHECK(of("ALTER TYPE mood ADD VALUE 'x'; GRANT SELECT ON t TO a;") == Compatibility::safe);
  CHECK(of("CREATE TABLE t (id int); ALTER TABLE u ADD COLUMN x int;") == Compatibility::breaking);
  CHECK(of("DROP TABLE t;") == Compatibility::breaking);
  CHECK(of("REVOKE SELECT ON t FROM a;") == Compatibility::breaking);
  CHECK(of("ALTER TYPE mood RENAME VALUE 'x' TO 'y';") == Compatibility::breaking);
  CHECK(of("DO $$ BEGIN END $$;") == Compatibility::breaking);
  CHECK(of("") == Compatibility::safe);
}
