// What is kept of an object's definition, to see later whether somebody else changed it.
#pragma once

#include <string>

#include "engine/objects/server_catalog.h"

namespace pgpm::objects {

/// PostgreSQL words definitions, each major version in its own way: a digest says whose words.
std::string definition_digest(const ServerDefinition& definition, int major);
bool is_of_same_server(const std::string& digest, int major);

}  // namespace pgpm::objects
