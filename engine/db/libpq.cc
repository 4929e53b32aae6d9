#include "engine/db/libpq.h"

#include "engine/text/shared_library.h"

namespace pgpm::db {
namespace {

constexpr SharedLibrary library{"libpq.so.5", "PostgreSQL cannot be reached",
                                "libpq (Debian's package libpq5)"};

Libpq load() {
  void* loaded = library.load();
  Libpq functions{};
#define PGPM_LOAD(name) \
  functions.name = reinterpret_cast<decltype(&::name)>(library.function(loaded, #name));
  PGPM_LIBPQ_FUNCTIONS(PGPM_LOAD)
#undef PGPM_LOAD
  return functions;
}

}  // namespace

const Libpq& libpq() {
  static const Libpq loaded = load();
  return loaded;
}

}  // namespace pgpm::db
