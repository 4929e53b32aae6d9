// A library that is loaded by name when it is first needed, instead of at the start of every
// command. What was loaded stays until the end.
#pragma once

namespace pgpm {

struct SharedLibrary {
  const char* file;     ///< what the system's loader is to look for: "libpq.so.5"
  const char* without;  ///< what does not work without it: "servers cannot be reached"
  const char* package;  ///< what to install: "libpq (Debian's package libpq5)"

  /// Throws Error(other) with the loader's reason.
  void* load() const;
  /// One of the functions of what load() gave. Throws as load().
  void* function(void* loaded, const char* name) const;
};

// For a table of functions, named once in a macro of its own: the members of a struct, and where
// `library` gave `loaded`, their values in `functions`.
#define PGPM_LIBRARY_MEMBER(name) decltype(&::name) name;
#define PGPM_LIBRARY_FUNCTION(name) \
  functions.name = reinterpret_cast<decltype(&::name)>(library.function(loaded, #name));

}  // namespace pgpm
