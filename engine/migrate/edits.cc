#include "engine/migrate/edits.h"

#include "engine/sql/fingerprint.h"
#include "engine/text/digest.h"

namespace pgpm {

bool is_edited(std::string_view bytes, const DeployedChange& row) {
  if (sha256_hex(bytes) == row.script_hash) return false;
  return row.fingerprint.empty() || sql::fingerprint(bytes) != row.fingerprint;
}

}  // namespace pgpm
