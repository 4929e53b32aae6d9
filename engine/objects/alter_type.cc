#include "engine/objects/alter_type.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/quote.h"

namespace pgpm::objects {

namespace {

using Attributes = std::vector<std::pair<std::string, std::string>>;

const std::string* definition_in(const Attributes& attributes, const std::string& name) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const auto& each) { return each.first == name; });
  return found == attributes.end() ? nullptr : &found->second;
}

/// New attributes come last, whatever is written: only then is the order right.
bool keeps_order(const Attributes& is, const Attributes& wanted) {
  std::vector<std::string> result, order;
  for (const auto& [name, definition] : is)
    if (definition_in(wanted, name) != nullptr) result.push_back(name);
  for (const auto& [name, definition] : wanted) {
    order.push_back(name);
    if (definition_in(is, name) == nullptr) result.push_back(name);
  }
  return result == order;
}

std::vector<std::string> alter_attributes(const std::string& type, const Attributes& is,
                                          const Attributes& wanted) {
  std::vector<std::string> statements;
  for (const auto& [name, definition] : is)
    if (definition_in(wanted, name) == nullptr)
      statements.push_back(
          fmt::format("ALTER TYPE {} DROP ATTRIBUTE {}", type, sql::quote_identifier(name)));
  for (const auto& [name, definition] : wanted) {
    const std::string* before = definition_in(is, name);
    if (before != nullptr && *before == definition) continue;
    statements.push_back(
        fmt::format("ALTER TYPE {} {} ATTRIBUTE {} {}{}", type, before == nullptr ? "ADD" : "ALTER",
                    sql::quote_identifier(name), before == nullptr ? "" : "TYPE ", definition));
  }
  return statements;
}

std::vector<std::string> alter_domain(const std::string& type, const TypeParts& is,
                                      const TypeParts& wanted) {
  std::vector<std::string> statements;
  const auto alter = [&](const std::string& what) {
    statements.push_back(fmt::format("ALTER DOMAIN {} {}", type, what));
  };
  for (const auto& [name, definition] : is.constraints)
    if (const auto found = wanted.constraints.find(name);
        found == wanted.constraints.end() || found->second != definition)
      alter("DROP CONSTRAINT " + sql::quote_identifier(name));
  if (is.default_value != wanted.default_value)
    alter(wanted.default_value ? "SET DEFAULT " + *wanted.default_value : "DROP DEFAULT");
  if (is.not_null != wanted.not_null) alter(wanted.not_null ? "SET NOT NULL" : "DROP NOT NULL");
  for (const auto& [name, definition] : wanted.constraints)
    if (const auto found = is.constraints.find(name);
        found == is.constraints.end() || found->second != definition)
      alter(fmt::format("ADD CONSTRAINT {} {}", sql::quote_identifier(name), definition));
  return statements;
}

}  // namespace

std::optional<std::vector<std::string>> alter_statements(const std::string& type,
                                                         const TypeParts& is,
                                                         const TypeParts& wanted) {
  if (is.base != wanted.base) return std::nullopt;
  if (!is.base.empty()) return alter_domain(type, is, wanted);
  if (!keeps_order(is.attributes, wanted.attributes)) return std::nullopt;
  return alter_attributes(type, is.attributes, wanted.attributes);
}

}  // namespace pgpm::objects
