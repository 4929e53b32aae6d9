#include "engine/distribution/libarchive.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "pgpm/error.h"

namespace pgpm {
namespace {

static_assert(ARCHIVE_VERSION_NUMBER / 1000000 == 3, "the name below is that of libarchive 3");
constexpr const char* library_name = "libarchive.so.13";

[[noreturn]] void refuse() {
  const char* why = ::dlerror();
  throw Error(ErrorCode::other, fmt::format("archives cannot be read or written: {}",
                                            why == nullptr ? library_name : why))
      .hint("install libarchive (Debian's package libarchive13)");
}

void* symbol(void* library, const char* name) {
  void* found = ::dlsym(library, name);
  if (found == nullptr) refuse();
  return found;
}

LibArchive load() {
  void* library = ::dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) refuse();
  LibArchive loaded{};
#define PGPM_LOAD(function) \
  loaded.function = reinterpret_cast<decltype(&::function)>(symbol(library, #function));
  PGPM_LIBARCHIVE_FUNCTIONS(PGPM_LOAD)
#undef PGPM_LOAD
  return loaded;
}

}  // namespace

const LibArchive& libarchive() {
  static const LibArchive loaded = load();
  return loaded;
}

}  // namespace pgpm
