// A declaration's statement as it is sent: as written, or to replace what is there.
#pragma once

#include <optional>
#include <string>

#include "engine/objects/managed_object.h"

namespace pgpm::objects {

/// Text that was made from a declaration's by putting something in.
struct SentText {
  std::string sql;
  std::size_t inserted_at = 0, inserted = 0;  ///< bytes
};

SentText as_written(const ManagedObject& object);
/// With OR REPLACE; nullopt for kinds that have no such form.
std::optional<SentText> as_replacement(const ManagedObject& object, int server_major);
/// The query of a view or materialized view as a temporary view of this name; nullopt if the
/// statement has no place to take it from.
std::optional<std::string> as_temporary_view(const ManagedObject& object, const std::string& name);

/// The error with the place in the file that the server means.
Error in_file(const Error& error, const ManagedObject& object, const SentText& sent);

}  // namespace pgpm::objects
