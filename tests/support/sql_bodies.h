// Functions whose body is parsed when they are made, in tests that run on servers without them.
#pragma once

#include <string>

namespace pgpm::tests {

/// PostgreSQL 14 brought BEGIN ATOMIC: before it, the same body as a text.
inline std::string with_known_bodies(std::string sql, int server_version) {
  const std::string begin = "BEGIN ATOMIC ", end = "; END";
  if (server_version >= 140000) return sql;
  for (std::size_t at; (at = sql.find(begin)) != std::string::npos;) {
    sql.replace(sql.find(end, at), end.size(), " $$");
    sql.replace(at, begin.size(), "AS $$ ");
  }
  return sql;
}

}  // namespace pgpm::tests
