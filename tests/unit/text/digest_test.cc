#include "engine/text/digest.h"

#include <catch2/catch.hpp>
#include <string>

namespace pgpm::tests {

TEST_CASE("Digests of known texts", "[text]") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(sha1_hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(sha1_hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST_CASE("The ledger's change id is a digest of package, change and script hash", "[text]") {
  CHECK(sha256_hex("pgpm-base32"
                   "schemas/base32/schema"
                   "80c15ba56427860f0d7d25d62cb7af2da6037ea42383d49365bc3a3c1aea3f76") ==
        "25173e61d77f8fc45747b12a3bfae1b674589a32affd11c321896214feb90ee9");
}

TEST_CASE("Pieces hash like the whole", "[text]") {
  Sha256 pieces;
  pieces.update("a");
  pieces.update("");
  pieces.update("bc");
  CHECK(pieces.finish_hex() == sha256_hex("abc"));
  CHECK(Sha256().finish_hex() == sha256_hex(""));
}

}  // namespace pgpm::tests
