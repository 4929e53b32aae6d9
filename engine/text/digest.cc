#include "engine/text/digest.h"

#include <array>

#include "engine/text/libcrypto.h"
#include "pgpm/error.h"

namespace pgpm {
namespace {

struct FreeAlgorithm {
  void operator()(EVP_MD* algorithm) const { libcrypto().EVP_MD_free(algorithm); }
};
using Algorithm = std::unique_ptr<EVP_MD, FreeAlgorithm>;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { libcrypto().EVP_MD_CTX_free(context); }
};

// Looking an algorithm up costs more than hashing a small file, so each is fetched once.
Algorithm fetch(const char* name) {
  Algorithm algorithm(libcrypto().EVP_MD_fetch(nullptr, name, nullptr));
  if (!algorithm) {
    throw Error(ErrorCode::other, std::string("OpenSSL does not offer the hash ") + name);
  }
  return algorithm;
}

const EVP_MD* sha256_algorithm() {
  static const Algorithm algorithm = fetch("SHA256");
  return algorithm.get();
}

void require(int openssl_result) {
  if (openssl_result != 1) throw Error(ErrorCode::other, "OpenSSL could not compute a hash");
}

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string to_hex(const Digest& digest, unsigned length) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex(std::size_t{2} * length, '0');
  for (unsigned i = 0; i < length; ++i) {
    hex[2 * i] = digits[digest[i] >> 4U];
    hex[2 * i + 1] = digits[digest[i] & 0x0FU];
  }
  return hex;
}

std::string digest_hex(std::string_view bytes, const EVP_MD* algorithm) {
  // One for each thread: making it costs as much as hashing a small file.
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context{libcrypto().EVP_MD_CTX_new()};
  Digest digest{};
  unsigned length = 0;
  require(libcrypto().EVP_DigestInit_ex(context.get(), algorithm, nullptr));
  require(libcrypto().EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()));
  require(libcrypto().EVP_DigestFinal_ex(context.get(), digest.data(), &length));
  return to_hex(digest, length);
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  return digest_hex(bytes, sha256_algorithm());
}

std::string sha1_hex(std::string_view bytes) {
  static const Algorithm algorithm = fetch("SHA1");
  return digest_hex(bytes, algorithm.get());
}

std::string md5_hex(std::string_view bytes) {
  static const Algorithm algorithm = fetch("MD5");
  return digest_hex(bytes, algorithm.get());
}

struct Sha256::State {
  // Each call of OpenSSL costs as much as some hundred bytes.
  static constexpr std::size_t most_collected = std::size_t{64} * 1024;

  void hash(std::string_view bytes) const {
    require(libcrypto().EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()));
  }
  void hash_collected() {
    hash(collected);
    collected.clear();
  }

  std::unique_ptr<EVP_MD_CTX, FreeContext> context{libcrypto().EVP_MD_CTX_new()};
  std::string collected;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  require(libcrypto().EVP_DigestInit_ex(state_->context.get(), sha256_algorithm(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  if (state_->collected.size() + bytes.size() > State::most_collected) state_->hash_collected();
  if (bytes.size() > State::most_collected) return state_->hash(bytes);
  state_->collected += bytes;
}

std::string Sha256::finish_hex() {
  state_->hash_collected();
  Digest digest{};
  unsigned length = 0;
  require(libcrypto().EVP_DigestFinal_ex(state_->context.get(), digest.data(), &length));
  return to_hex(digest, length);
}

}  // namespace pgpm
