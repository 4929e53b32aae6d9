#include "engine/objects/declarations.h"

#include <catch2/catch.hpp>
#include <optional>

#include "tests/support/temp_workspace.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::objects;

TEST_CASE("files that are read early are named when it is known how") {
  const tests::TempWorkspace files({{"v.sql", "CREATE VIEW v AS SELECT * FROM s.w;"},
                                    {"w.sql", "CREATE VIEW w AS SELECT 1 AS n;"}});
  EarlyDeclarations early(files.root().string());
  early.name({{{"s"}, 15}, {}});
  const Declarations declared = early.get();
  REQUIRE(declared.objects.size() == 2);
  CHECK(declared.objects[0].key.identity == "s.v");
  CHECK(declared.order.sequence == std::vector<std::size_t>{1, 0});
}

TEST_CASE("what is wrong with files that are read early is told when they are asked for") {
  const tests::TempWorkspace files({{"v.sql", "CREATE VIEW v AS SELEC 1;"}});
  for (const std::string& folder : {files.root().string(), files.path("missing").string()}) {
    EarlyDeclarations early(folder);
    early.name({});
    CHECK(tests::error_of([&] { early.get(); }).code() == ErrorCode::configuration);
  }
  // The grammar is of 15: a newer server judges views itself.
  EarlyDeclarations early(files.root().string());
  early.name({{{"public"}, 16}, {}});
  CHECK(early.get().objects.size() == 1);
}

TEST_CASE("nobody waits for files that are asked for no more") {
  const tests::TempWorkspace files({{"v.sql", "CREATE VIEW v AS SELECT 1;"}});
  std::optional<EarlyDeclarations> early(std::in_place, files.root().string());
  early.reset();
  CHECK_FALSE(early.has_value());
}
