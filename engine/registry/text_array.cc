#include "engine/registry/text_array.h"

#include "engine/sql/quote.h"

namespace pgpm::registry {

namespace {

void append_element(std::string& array, const std::optional<std::string>& value) {
  if (!value) {
    array += "NULL";
    return;
  }
  array += '"';
  std::size_t done = 0;
  for (std::size_t at = 0; at < value->size(); ++at) {
    if ((*value)[at] != '"' && (*value)[at] != '\\') continue;
    array.append(*value, done, at - done).append("\\");
    done = at;
  }
  array.append(*value, done).append("\"");
}

}  // namespace

std::string text_array(const std::vector<std::string>& values) {
  if (values.empty()) return "'{}'";
  std::string array = "ARRAY[";
  for (const std::string& value : values) {
    if (array.back() != '[') array += ',';
    array += sql::quote_literal(value);
  }
  return array + "]";
}

std::string text_array_literal(const std::vector<std::optional<std::string>>& values) {
  std::string array = "{";
  for (const std::optional<std::string>& value : values) {
    if (array.size() > 1) array += ',';
    append_element(array, value);
  }
  // The underscore is the type's own name for "array of"; with its schema it is found whatever
  // search_path is set.
  return sql::quote_literal(array + "}") + "::pg_catalog._text";
}

}  // namespace pgpm::registry
