#include "engine/db/commit.h"

namespace pgpm::db {

void commit(Connection& connection) {
  if (connection.exec("COMMIT").command_tag() != "COMMIT")
    throw Error(ErrorCode::sql, "the server rolled the transaction back")
        .leaving("nothing was changed");
}

}  // namespace pgpm::db
