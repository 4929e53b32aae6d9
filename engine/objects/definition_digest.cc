#include "engine/objects/definition_digest.h"

#include <fmt/format.h>

#include "engine/text/digest.h"

namespace pgpm::objects {

std::string definition_digest(const ServerDefinition& definition, int major) {
  return fmt::format("{}:{}", major, sha256_hex(definition.definition));
}

bool is_of_same_server(const std::string& digest, int major) {
  return digest.starts_with(fmt::format("{}:", major));
}

}  // namespace pgpm::objects
