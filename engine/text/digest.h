// Hashes, by OpenSSL's libcrypto.
#pragma once

#include <string>
#include <string_view>

namespace pgpm {

std::string sha256_hex(std::string_view bytes);  ///< 64 lower-case hex digits
std::string sha1_hex(std::string_view bytes);    ///< 40; only for Sqitch's ids

}  // namespace pgpm
