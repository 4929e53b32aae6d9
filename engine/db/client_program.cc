#include "pgpm/client_program.h"

#include "engine/db/connection.h"
#include "engine/db/conninfo.h"
#include "engine/sql/quote.h"

namespace pgpm {

std::vector<std::pair<std::string, Secret>> client_variables(const Target& target) {
  return db::connection_variables(target);
}

std::vector<std::string> extension_schemas(const Target& target, std::stop_token stop) {
  db::Connection connection = db::Connection::open(target, std::move(stop));
  const db::Result rows = connection.exec(
      "SELECT DISTINCT n.nspname FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS "
      "n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace WHERE n.nspname OPERATOR(pg_catalog.<>) "
      "'pg_catalog' ORDER BY 1");
  std::vector<std::string> schemas;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    schemas.push_back(sql::quote_identifier(rows.str(row, 0)));
  return schemas;
}

}  // namespace pgpm
