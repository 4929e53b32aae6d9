#include "engine/db/password.h"

#include <memory>

#include "engine/db/wire.h"

namespace pgpm::db {

namespace {

struct MemoryDeleter {
  void operator()(char* memory) const noexcept { libpq().PQfreemem(memory); }
};

}  // namespace

std::string encrypt_password(Connection& connection, const std::string& user,
                             const Secret& password) {
  // The algorithm is named: left open, libpq would ask the server for it, and wait without our
  // loop.
  const std::unique_ptr<char, MemoryDeleter> verifier(libpq().PQencryptPasswordConn(
      connection.state().conn.get(), password.reveal().c_str(), user.c_str(), "scram-sha-256"));
  if (!verifier) throw Error(ErrorCode::other, "the password could not be encrypted");
  return verifier.get();
}

}  // namespace pgpm::db
