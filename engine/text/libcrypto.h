// OpenSSL's libcrypto, loaded when the first hash is taken: looking for its functions and moving
// its tables is a third of the time that a program linked with it takes to start. libpq brings it,
// too.
#pragma once

#include <openssl/evp.h>

#include "engine/text/shared_library.h"

namespace pgpm {

// It would be indented more with each line.
// clang-format off
#define PGPM_LIBCRYPTO_FUNCTIONS(of) \
  of(EVP_DigestFinal_ex) of(EVP_DigestInit_ex) of(EVP_DigestUpdate) of(EVP_MD_CTX_free) \
  of(EVP_MD_CTX_new) of(EVP_MD_fetch) of(EVP_MD_free)
// clang-format on

/// Its functions, under their own names.
struct LibCrypto {
  PGPM_LIBCRYPTO_FUNCTIONS(PGPM_LIBRARY_MEMBER)
};

/// Loads the library at the first call and keeps it. Safe to call from any thread. Throws
/// Error(other) if the system has none.
const LibCrypto& libcrypto();

}  // namespace pgpm
