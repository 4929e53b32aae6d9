#include "engine/text/shared_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "pgpm/error.h"

namespace pgpm {
namespace {

[[noreturn]] void refuse(const SharedLibrary& library) {
  const char* why = ::dlerror();
  throw Error(ErrorCode::other,
              fmt::format("{}: {}", library.without, why == nullptr ? library.file : why))
      .hint(fmt::format("install {}", library.package));
}

}  // namespace

void* SharedLibrary::load() const {
  // Lazy, as the loader treats what a program is linked with: most functions are never called.
  void* loaded = ::dlopen(file, RTLD_LAZY | RTLD_LOCAL);
  if (loaded == nullptr) refuse(*this);
  return loaded;
}

void* SharedLibrary::function(void* loaded, const char* name) const {
  void* found = ::dlsym(loaded, name);
  if (found == nullptr) refuse(*this);
  return found;
}

}  // namespace pgpm
