// Names of objects as text: for people, for keys, and for the catalogs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/parse_tree.h"

namespace pgpm::objects {

/// Quoted only where it has to be.
std::string readable(std::string_view name);
std::string readable(const sql::ObjectName& name);
/// Always quoted: "s"."n"
std::string quoted(const sql::ObjectName& name);
/// "integer", "app.status[]", "NONE"
std::string readable(const sql::TypeName& type);
/// What to_regtype() takes.
std::string quoted(const sql::TypeName& type);
/// "a, b"
std::string joined(const std::vector<std::string>& parts, std::string_view separator = ", ");
std::vector<std::string> readable(const std::vector<sql::TypeName>& types);
std::vector<std::string> quoted(const std::vector<sql::TypeName>& types);

}  // namespace pgpm::objects
