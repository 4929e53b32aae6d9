#include "engine/distribution/libarchive.h"

#include "engine/text/shared_library.h"

namespace pgpm {
namespace {

static_assert(ARCHIVE_VERSION_NUMBER / 1000000 == 3, "the name below is that of libarchive 3");
constexpr SharedLibrary library{"libarchive.so.13", "archives cannot be read or written",
                                "libarchive (Debian's package libarchive13)"};

LibArchive load() {
  void* loaded = library.load();
  LibArchive functions{};
#define PGPM_LOAD(name) \
  functions.name = reinterpret_cast<decltype(&::name)>(library.function(loaded, #name));
  PGPM_LIBARCHIVE_FUNCTIONS(PGPM_LOAD)
#undef PGPM_LOAD
  return functions;
}

}  // namespace

const LibArchive& libarchive() {
  static const LibArchive loaded = load();
  return loaded;
}

}  // namespace pgpm
