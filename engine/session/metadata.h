// The <pgmi-meta> block in a comment of a file, read by pugixml (nowhere else in the engine).
#pragma once

#include <optional>
#include <vector>

#include "engine/text/source_text.h"
#include "pgpm/session.h"

namespace pgpm {

/// What the file's block says, nullopt if it has none. What is wrong with it is appended to
/// `problems`, each with its place.
std::optional<SessionMetadata> read_metadata(const SourceText& source,
                                             std::vector<Diagnostic>& problems);

}  // namespace pgpm
