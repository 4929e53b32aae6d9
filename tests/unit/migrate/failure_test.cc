// What a failure says about the database, where no server is needed to see it.
#include "engine/migrate/failure.h"

#include <catch2/catch.hpp>

using namespace pgpm;

TEST_CASE("the connection is lost and the ledger cannot be asked: what is not known is said") {
  const Error lost(ErrorCode::connection, "lost");
  const auto doubt = Catch::Contains("a COMMIT under way may have gone through");
  CHECK_THAT(describe_state({}, 0, lost, TransactionScope::module),
             Catch::StartsWith("nothing was committed that we know of") && doubt);
  CHECK_THAT(describe_state({"m"}, 2, lost, TransactionScope::change),
             Catch::StartsWith("2 changes of m are committed and stay") && doubt);
}

TEST_CASE("the connection is lost and the ledger was asked") {
  const Error lost(ErrorCode::connection, "lost");
  const auto said = [&](const Settled& settled) {
    return describe_settled(settled, lost, TransactionScope::change);
  };
  CHECK_THAT(said({{}, 0, 3}), Catch::EndsWith("none of the run's changes is committed"));
  CHECK_THAT(said({{"m"}, 1, 3}), Catch::Contains("1 change of m is committed and stays"));
  CHECK_THAT(said({{"m"}, 3, 3}), Catch::Contains("all 3 changes of the run are committed"));
}
