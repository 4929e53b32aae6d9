// The queries of schema/objects have a branch for every class of object, and planning a branch, in
// a session that has not read its catalog yet, takes longer than running it: so only those are sent
// that can find something. A line "-- of routine" begins the branch of routines, "-- of all" ends
// the branches.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace pgpm::objects {

/// As an Address says it: "relation", "routine" ...
using ObjectClasses = std::set<std::string, std::less<>>;

/// The catalog's number is the same in every server; "" = no class of ours.
std::string_view class_of_catalog(std::uint32_t classid);

/// `sql` without the branches of other classes.
std::string with_branches(std::string_view sql, const ObjectClasses& classes);

}  // namespace pgpm::objects
