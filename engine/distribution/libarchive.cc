#include "engine/distribution/libarchive.h"

namespace pgpm {
namespace {

static_assert(ARCHIVE_VERSION_NUMBER / 1000000 == 3, "the name below is that of libarchive 3");
constexpr SharedLibrary library{"libarchive.so.13", "archives cannot be read or written",
                                "libarchive (Debian's package libarchive13)"};

LibArchive load() {
  void* loaded = library.load();
  LibArchive functions{};
  PGPM_LIBARCHIVE_FUNCTIONS(PGPM_LIBRARY_FUNCTION)
  return functions;
}

}  // namespace

const LibArchive& libarchive() {
  static const LibArchive loaded = load();
  return loaded;
}

}  // namespace pgpm
