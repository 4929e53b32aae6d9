// PostgreSQL extensions that modules require: are they there, could they be created.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "engine/db/connection.h"
#include "pgpm/resolve.h"

namespace pgpm {

struct ExtensionFacts {
  std::unordered_set<std::string> installed;    ///< in this database
  std::unordered_set<std::string> unavailable;  ///< neither installed nor offered by the server
  bool operator==(const ExtensionFacts&) const = default;
};

/// Every native extension the modules of a resolution require, each once, in order.
std::vector<std::string> required_extensions(const Resolution& resolution);

/// One query if all of them are installed, two otherwise (listing what a server offers reads its
/// disk).
ExtensionFacts read_extension_facts(db::Connection& connection,
                                    const std::vector<std::string>& names);

std::string create_extension_sql(const std::string& extension);
/// Leaves it, with a warning of the server, if something else needs it.
std::string drop_extension_sql(const std::string& extension);

}  // namespace pgpm
