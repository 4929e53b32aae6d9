// Engine values as JSON: the member names are a public contract, documented in cli/README.md.
#pragma once

#include <nlohmann/json.hpp>

#include "cli/render/failure.h"
#include "pgpm/event.h"
#include "pgpm/worklist.h"

namespace pgpm::cli {

/// Keeps the order members are written in.
using Json = nlohmann::ordered_json;

Json to_json(const Blocker& blocker);
Json to_json(const std::vector<Blocker>& blockers);
Json to_json(const Diagnostic& diagnostic);
Json to_json(const std::vector<Diagnostic>& diagnostics);
Json to_json(const ServerMessage& message);
Json to_json(const ObjectDifference& difference);
Json to_json(const std::vector<ObjectDifference>& differences);
/// {"code", "exit_code", "message", and what else is known}.
Json to_json(const Failure& failure, int exit_status);
/// {"event": event_name(), "time": ..., and the event's members}.
Json to_json(const Event& event, const std::string& time);
Json to_json(const Worklist& worklist);

/// Invalid UTF-8 (a path, a server in another encoding) becomes U+FFFD instead of an exception.
std::string dump_line(const Json& value);
std::string dump_document(const Json& value);

}  // namespace pgpm::cli
