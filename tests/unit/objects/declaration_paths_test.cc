// Where declarations out of a database are written.
#include <catch2/catch.hpp>

#include "engine/objects/declaration_paths.h"
#include "tests/unit/objects/declared.h"

using namespace pgpm;
using namespace pgpm::objects;

namespace {

std::vector<std::string> paths_of(const std::string& text) {
  const auto objects = declared(text);
  std::vector<const ManagedObject*> list;
  for (const ManagedObject& object : objects) list.push_back(&object);
  return declaration_paths(list);
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("a folder for the kind, one for the schema only where there are several") {
  CHECK(paths_of("CREATE VIEW v AS SELECT 1; CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION "
                 "f();") == Paths{"views/v.sql", "triggers/t-g.sql"});
  CHECK(paths_of("CREATE VIEW v AS SELECT 1; CREATE POLICY p ON app.t USING (true); "
                 "CREATE CAST (int AS app.mood) WITHOUT FUNCTION;") ==
        Paths{"views/public/v.sql", "policies/app/t-p.sql", "casts/integer-mood.sql"});
}

TEST_CASE("types tell namesakes apart, and only those") {
  CHECK(paths_of("CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS ''; "
                 "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS ''; "
                 "CREATE FUNCTION g(float8, public.mood[]) RETURNS int LANGUAGE sql AS ''; "
                 "CREATE PROCEDURE f(text) LANGUAGE sql AS '';") ==
        Paths{"functions/f.sql", "functions/g.sql", "functions/g-double_precision-mood_array.sql",
              "procedures/f.sql"});
  CHECK(paths_of("CREATE OPERATOR ~~ (LEFTARG = int, RIGHTARG = int, FUNCTION = f); "
                 "CREATE OPERATOR ~~ (RIGHTARG = int, FUNCTION = f);") ==
        Paths{"operators/%7E%7E-integer-integer.sql", "operators/%7E%7E-none-integer.sql"});
}

TEST_CASE("no name leads out of its folder, is hidden, or is a test") {
  CHECK(paths_of("CREATE VIEW \"../../etc/x\" AS SELECT 1; CREATE VIEW \".a.test.b\" AS SELECT 1; "
                 "CREATE VIEW \"100%\" AS SELECT 1; CREATE VIEW größe AS SELECT 1; "
                 "CREATE TRIGGER test AFTER INSERT ON t EXECUTE FUNCTION f();") ==
        Paths{"views/%2E%2E%2F%2E%2E%2Fetc%2Fx.sql", "views/%2Ea%2Etest%2Eb.sql",
              "views/100%25.sql", "views/größe.sql", "triggers/t-test.sql"});
}

TEST_CASE("names that are one file where case does not count are numbered") {
  CHECK(paths_of("CREATE VIEW \"Names\" AS SELECT 1; CREATE VIEW names AS SELECT 1; "
                 "CREATE VIEW \"NAMES\" AS SELECT 1;") ==
        Paths{"views/Names.sql", "views/names~2.sql", "views/NAMES~3.sql"});
}

TEST_CASE("a file name is never longer than file systems take") {
  std::string arguments;
  for (int i = 0; i < 60; ++i) arguments += (i == 0 ? "" : ", ") + std::string("timestamptz");
  const auto paths = paths_of(
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''; "
      "CREATE FUNCTION f(" +
      arguments +
      ") RETURNS int LANGUAGE sql AS ''; "
      "CREATE FUNCTION f(" +
      arguments + ", int) RETURNS int LANGUAGE sql AS '';");
  CHECK(paths[1].size() < 255);
  CHECK(paths[2] == paths[1].substr(0, paths[1].size() - 4) + "~2.sql");
}
