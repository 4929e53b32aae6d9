#include "engine/db/libpq.h"

namespace pgpm::db {
namespace {

constexpr SharedLibrary library{"libpq.so.5", "PostgreSQL cannot be reached",
                                "libpq (Debian's package libpq5)"};

Libpq load() {
  void* loaded = library.load();
  Libpq functions{};
  PGPM_LIBPQ_FUNCTIONS(PGPM_LIBRARY_FUNCTION)
  return functions;
}

}  // namespace

const Libpq& libpq() {
  static const Libpq loaded = load();
  return loaded;
}

}  // namespace pgpm::db
