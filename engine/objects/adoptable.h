// What a database has that files can declare, each object as the statements that make it.
#pragma once

#include <string>
#include <vector>

#include "engine/objects/server_catalog.h"

namespace pgpm::objects {

struct Adoptable {
  CatalogId id;
  std::string what;                     ///< in the server's words, "view app.names"
  std::string owner;                    ///< "" = it has none
  std::vector<std::string> statements;  ///< it first, then what is said of it
  std::vector<std::string> unsaid;      ///< what the statements leave out
};

struct AdoptableObjects {
  std::vector<Adoptable> objects;    ///< in order of kind and name
  std::vector<Diagnostic> left_out;  ///< what cannot be declared, and why
};

/// `schemas` empty = of all. Throws Error(configuration) for a schema that is not there.
AdoptableObjects read_adoptable(ServerCatalog& catalog, const std::vector<std::string>& schemas);

}  // namespace pgpm::objects
