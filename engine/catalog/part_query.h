// Class queries (object_class.h) that tell in their first column which part an object is read with,
// and that can be held to some parts. Pure: text in, text out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/object_class.h"
#include "engine/catalog/partial_snapshot.h"

namespace pgpm::catalog {

/// What parts the objects of a class belong to. `oid` is the SQL of the part's oid.
struct PartedClass {
  std::string_view file;
  PartKey::Kind kind = PartKey::Kind::others;
  std::string_view oid;
};

/// nullptr for a class whose objects belong to no part of their own.
const PartedClass* parted_class(std::string_view file);

/// "SELECT a, b FROM ... WHERE ..." as "SELECT oid, a, b FROM ... WHERE ...". Comments in front of
/// it are left out.
std::string with_part(std::string_view query, std::string_view oid);
/// The same as a statement that the session keeps, and that is asked for some parts at a time.
std::string prepare_parts(std::string_view query, const PartedClass& parted);
std::string execute_parts(const PartedClass& parted, const std::vector<std::uint32_t>& oids);

}  // namespace pgpm::catalog
