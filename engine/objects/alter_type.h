// Domains and composite types as what they consist of, and the statements that make one of another
// without dropping it: tables may use it. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pgpm::objects {

struct TypeParts {
  std::string base;  ///< of a domain, with its collation; "" = it is none
  std::optional<std::string> default_value;
  bool not_null = false;
  std::map<std::string, std::string> constraints;               ///< of a domain, by name
  std::vector<std::pair<std::string, std::string>> attributes;  ///< of a composite type, in order
};

/// Statements, `type` being its quoted name; nullopt if the one cannot become the other: another
/// base, attributes in another order.
std::optional<std::vector<std::string>> alter_statements(const std::string& type,
                                                         const TypeParts& is,
                                                         const TypeParts& wanted);

}  // namespace pgpm::objects
