#include "engine/objects/known_statements.h"

#include <catch2/catch.hpp>
#include <future>

#include "engine/objects/declarations.h"
#include "tests/support/temp_workspace.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::objects;

namespace {

const Naming naming{{"public"}, 15};

/// As the server writes it.
StoredAddress address_of(const ManagedObject& object) {
  std::string json = StoredAddress(object.address).json();
  for (std::size_t at = 0; (at = json.find("\":", at)) != std::string::npos; at += 2)
    json.insert(at + 2, " ");
  return StoredAddress(std::move(json));
}

/// As if all that the folder declares had been applied.
StoredObjects recorded(const tests::TempWorkspace& files) {
  StoredObjects stored;
  for (const ManagedObject& object : declare_objects({files.root().string()}, naming))
    stored[object.key] = {object.hash, "", object.file, object.undo, address_of(object), ""};
  return stored;
}

Declarations read(const tests::TempWorkspace& files, const StoredObjects& stored) {
  EarlyDeclarations early(files.root().string());
  early.name({naming, KnownStatements(stored)});
  return early.get();
}

std::string parsed(const Declarations& declared) {
  std::string names;
  for (const ManagedObject& object : declared.objects)
    if (object.is_parsed) names += object.key.identity + " ";
  return names;
}

}  // namespace

TEST_CASE("what stands as it was applied is not parsed, but known by its name") {
  tests::TempWorkspace files(
      {{"a.sql", "CREATE VIEW a AS SELECT 1 AS n; COMMENT ON VIEW a IS 'x'"},
       {"b.sql", "CREATE VIEW \"B b\" AS SELECT n FROM a;"},
       {"f.sql", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT n FROM a'"}});
  const StoredObjects stored = recorded(files);
  CHECK(parsed(read(files, stored)).empty());
  CHECK(parsed(read(files, {})) == "public.a view public.a public.\"B b\" public.f() ");

  files.write("b.sql", "CREATE VIEW \"B b\" AS SELECT n + 1 AS n FROM a;");
  const Declarations declared = read(files, stored);
  CHECK(parsed(declared) == "public.\"B b\" ");
  REQUIRE(declared.objects.size() == 4);
  CHECK(declared.objects[1].undo == "COMMENT ON VIEW a IS NULL");
  CHECK(declared.requirements[2] == std::vector<Requirement>{{0, false}});
  // Nobody who was parsed names it.
  CHECK(declared.objects[3].address.klass.empty());
}

TEST_CASE("a statement that is moved to another file, or written another way, is told") {
  tests::TempWorkspace files({{"a.sql", "CREATE VIEW a AS SELECT 1 AS n;"}});
  const StoredObjects stored = recorded(files);
  files.write("a.sql", "create  view a as\nSELECT 1 AS n; -- the same");
  CHECK(parsed(read(files, stored)).empty());
  files.remove("a.sql");
  files.write("b.sql", "CREATE VIEW a AS SELECT 1 AS n;");
  CHECK(parsed(read(files, stored)) == "public.a ");
}

TEST_CASE("known and declared once more is declared twice") {
  tests::TempWorkspace files({{"a.sql", "CREATE VIEW a AS SELECT 1 AS n;"}});
  const StoredObjects stored = recorded(files);
  files.write("b.sql", "CREATE MATERIALIZED VIEW a AS SELECT 2 AS n;");
  const Error error = tests::error_of([&] { read(files, stored); });
  REQUIRE(error.diagnostics().size() == 1);
  CHECK(error.diagnostics()[0].message.starts_with(
      "materialized view a is declared twice: also at "));
}

TEST_CASE("what was known is parsed when somebody asks") {
  tests::TempWorkspace files({{"a.sql", "CREATE VIEW a AS SELECT 1 AS n;"},
                              {"b.sql", "CREATE VIEW b AS SELECT n FROM a;"}});
  Declarations declared = read(files, recorded(files));
  CHECK(declared.requirements[1].empty());
  parse_known(declared.objects, {files.root().string()}, naming);
  arrange(declared, naming);
  CHECK(parsed(declared) == "public.a public.b ");
  CHECK(declared.objects[1].shown == "b");
  CHECK(declared.requirements[1] == std::vector<Requirement>{{0, false}});
}
