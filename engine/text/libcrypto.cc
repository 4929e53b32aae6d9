#include "engine/text/libcrypto.h"

#include <openssl/opensslv.h>

namespace pgpm {
namespace {

static_assert(OPENSSL_VERSION_MAJOR == 3, "the name below is that of OpenSSL 3");
constexpr SharedLibrary library{"libcrypto.so.3", "no hash can be taken",
                                "OpenSSL's libcrypto (Debian's package libssl3)"};

LibCrypto load() {
  void* loaded = library.load();
  LibCrypto functions{};
  PGPM_LIBCRYPTO_FUNCTIONS(PGPM_LIBRARY_FUNCTION)
  return functions;
}

}  // namespace

const LibCrypto& libcrypto() {
  static const LibCrypto loaded = load();
  return loaded;
}

}  // namespace pgpm
