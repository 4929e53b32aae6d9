#include "engine/registry/text_array.h"

#include "engine/sql/quote.h"

namespace pgpm::registry {

std::string text_array(const std::vector<std::string>& values) {
  if (values.empty()) return "'{}'";
  std::string array = "ARRAY[";
  for (const std::string& value : values) {
    if (array.back() != '[') array += ',';
    array += sql::quote_literal(value);
  }
  return array + "]";
}

}  // namespace pgpm::registry
