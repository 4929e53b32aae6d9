#include "engine/migrate/native_extensions.h"

#include <fmt/format.h>

#include "engine/sql/quote.h"

namespace pgpm {

std::vector<std::string> required_extensions(const Resolution& resolution) {
  std::vector<std::string> names;
  std::unordered_set<std::string> seen;
  for (const ResolvedModule& module : resolution.modules) {
    for (const std::string& name : module.native_extensions) {
      if (seen.insert(name).second) names.push_back(name);
    }
  }
  return names;
}

namespace {

std::unordered_set<std::string> first_column(const db::Result& result) {
  std::unordered_set<std::string> values;
  for (std::size_t row = 0; row < result.rows(); ++row) values.insert(result.str(row, 0));
  return values;
}

}  // namespace

ExtensionFacts read_extension_facts(db::Connection& connection,
                                    const std::vector<std::string>& names) {
  ExtensionFacts facts;
  if (names.empty()) return facts;
  const std::string wanted = sql::quote_text_array(names);
  facts.installed = first_column(connection.exec(fmt::format(
      "SELECT extname FROM pg_catalog.pg_extension WHERE extname::text = ANY ({})", wanted)));
  if (facts.installed.size() == names.size()) return facts;
  const auto offered = first_column(connection.exec(fmt::format(
      "SELECT name FROM pg_catalog.pg_available_extensions WHERE name::text = ANY ({})", wanted)));
  for (const std::string& name : names) {
    if (!facts.installed.contains(name) && !offered.contains(name)) facts.unavailable.insert(name);
  }
  return facts;
}

std::string create_extension_sql(const std::string& extension) {
  return fmt::format("CREATE EXTENSION IF NOT EXISTS {} CASCADE", sql::quote_identifier(extension));
}

std::string drop_extension_sql(const std::string& extension) {
  const std::string body = fmt::format(
      "DECLARE who_needs_it pg_catalog.text;"
      " BEGIN DROP EXTENSION IF EXISTS {} RESTRICT;"
      " EXCEPTION WHEN dependent_objects_still_exist THEN"
      " GET STACKED DIAGNOSTICS who_needs_it = PG_EXCEPTION_DETAIL;"
      " RAISE WARNING 'the extension % stays: something else needs it', {}"
      " USING DETAIL = who_needs_it; END",
      sql::quote_identifier(extension), sql::quote_literal(extension));
  return "DO " + sql::quote_literal(body);
}

}  // namespace pgpm
