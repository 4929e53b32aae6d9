// The expected ids are what Sqitch 1.3.1 prints for these plans.
#include <catch2/catch.hpp>

#include "engine/workspace/sqitch_id.h"

using namespace pgpm;

namespace {

std::vector<std::string> ids(const std::string& text) {
  return sqitch_change_ids(
      read_plan("sqitch.plan", "%syntax-version=1.0.0\n%project=flipr\n" + text).plan);
}

const std::string users_script = "\nusers 2024-01-15T10:00:00Z Ann <ann@example.com> # add users\n";

}  // namespace

TEST_CASE("ids are chained and cover requirements, conflicts and notes") {
  CHECK(ids(users_script +
            "items [users !old other:x] 2024-01-15T10:00:01Z Ann <ann@example.com> # "
            "two\\nlines\n") ==
        std::vector<std::string>{"533396a8d0cfb1c68e51d957a0f345ea60aafb23",
                                 "53802113c5d76c545f879e6d092109acb78eb6b5"});
}

TEST_CASE("a dependency on the own project counts without its prefix") {
  const std::string line = "items [users] 2024-01-15T10:00:01Z Ann <ann@example.com>\n";
  const std::string prefixed = "items [flipr:users] 2024-01-15T10:00:01Z Ann <ann@example.com>\n";
  CHECK(ids(users_script + line) == ids(users_script + prefixed));
}

TEST_CASE("the uri counts in its canonical form") {
  CHECK(ids("%uri=https://Example.COM:443\n" + users_script)[0] ==
        "963f7d3d0f86c6b2b19747c9624f3fe0f41e5804");
  CHECK(ids("%uri=http://x.org/ä b?q#f\n" + users_script)[0] ==
        "6da2d8920d0bf95a37a44e538eaf6584bf4ab1ef");
  CHECK(ids("%uri=HTTPS://X.org/%7euser/%2f\n" + users_script)[0] ==
        "96d96f4ad8e40854b027e046034831dda42d1d83");
  CHECK(ids("%uri=my-first\n" + users_script)[0] == "95031ea62a3ae57199da9da80e4a9df898513d6b");
  CHECK(ids("%uri=git@github.com:x/y.git\n" + users_script)[0] ==
        "901f66e1eb70810776329796961255b3dac42776");
  CHECK(canonical_uri("http://User@HOST:80") == "http://User@host/");
  CHECK(canonical_uri("http://x/100%") == "http://x/100%");
}
