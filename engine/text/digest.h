// Hashes, by OpenSSL's libcrypto.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace pgpm {

std::string sha256_hex(std::string_view bytes);  ///< 64 lower-case hex digits
std::string sha1_hex(std::string_view bytes);    ///< 40; only for Sqitch's ids

std::string md5_hex(std::string_view bytes);  ///< 32; only for ids made from paths

/// SHA-256 of text that comes in pieces, however small: they are collected first.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::string_view bytes);
  /// The digest of all pieces so far, as 64 lower-case hex digits. Call once, at the end.
  std::string finish_hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pgpm
