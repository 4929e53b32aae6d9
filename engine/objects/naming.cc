#include "engine/objects/naming.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/sql/keywords.h"
#include "engine/sql/quote.h"
#include "engine/text/ascii.h"

namespace pgpm::objects {

namespace {

bool is_plain(std::string_view name) {
  const auto is_inner = [](char c) { return is_lower(c) || is_digit(c) || c == '_'; };
  return !name.empty() && !is_digit(name[0]) && std::all_of(name.begin(), name.end(), is_inner) &&
         !sql::is_keyword(name);
}

/// The grammar turns the standard's words into names of its own; these turn them back.
std::string_view standard_word(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 15> words{
      {{"int4", "integer"},
       {"int8", "bigint"},
       {"int2", "smallint"},
       {"bool", "boolean"},
       {"float4", "real"},
       {"float8", "double precision"},
       {"varchar", "character varying"},
       {"bpchar", "character"},
       {"timestamptz", "timestamp with time zone"},
       {"timestamp", "timestamp without time zone"},
       {"timetz", "time with time zone"},
       {"time", "time without time zone"},
       {"varbit", "bit varying"},
       {"any", "\"any\""},
       {"char", "\"char\""}}};
  const auto* found = std::find_if(words.begin(), words.end(),
                                   [&](const auto& word) { return word.first == name; });
  return found == words.end() ? name : found->second;
}

std::string with_suffix(const sql::TypeName& type, std::string text) {
  if (type.is_none) return "NONE";
  if (type.is_copied) text += "%TYPE";
  return type.is_array ? text + "[]" : text;
}

}  // namespace

std::string readable(std::string_view name) {
  return is_plain(name) ? std::string(name) : sql::quote_identifier(name);
}

std::string readable(const sql::ObjectName& name) {
  return name.schema.empty() ? readable(name.name)
                             : readable(name.schema) + "." + readable(name.name);
}

std::string quoted(const sql::ObjectName& name) {
  const std::string last = sql::quote_identifier(name.name);
  return name.schema.empty() ? last : sql::quote_identifier(name.schema) + "." + last;
}

std::string readable(const sql::TypeName& type) {
  const bool is_builtin = type.name.schema == "pg_catalog" || type.name.schema.empty();
  if (!is_builtin || type.is_copied) return with_suffix(type, readable(type.name));
  const std::string_view word = standard_word(type.name.name);
  // Without a schema it may be anybody's; the server's own are words as they are.
  const bool is_own = type.name.schema.empty() && word == type.name.name;
  return with_suffix(type, is_own ? readable(word) : std::string(word));
}

std::string quoted(const sql::TypeName& type) {
  return with_suffix(type, quoted(type.name));
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

std::vector<std::string> readable(const std::vector<sql::TypeName>& types) {
  std::vector<std::string> texts;
  for (const sql::TypeName& type : types) texts.push_back(readable(type));
  return texts;
}

std::vector<std::string> quoted(const std::vector<sql::TypeName>& types) {
  std::vector<std::string> texts;
  for (const sql::TypeName& type : types) texts.push_back(quoted(type));
  return texts;
}

}  // namespace pgpm::objects
