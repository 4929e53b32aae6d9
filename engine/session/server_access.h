// How a session run reaches its server: a login that may be new for each connection, attempts that
// are made again, and the databases from which others are made and dropped.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/db/connection.h"
#include "pgpm/observer.h"
#include "pgpm/session.h"

namespace pgpm {

class ServerAccess {
 public:
  ServerAccess(const Target& target, const SessionOptions& options, Observer& observer,
               std::stop_token stop);

  /// The target's database. Throws as db::Connection::open does.
  db::Connection open() const;
  /// The same, nullopt if the database does not exist.
  std::optional<db::Connection> open_if_there() const;
  /// A connection to the maintenance database: the one asked for, or else that of the connection
  /// string where the target's is another; postgres and template1 where neither is there.
  db::Connection open_maintenance() const;

  std::string database_name() const;
  /// The first one that open_maintenance() tries.
  const std::string& maintenance_name() const { return maintenance_.front(); }

 private:
  Target fresh() const;
  db::Connection open_database(const std::string& name) const;

  Target target_;
  const SessionOptions& options_;
  Observer& observer_;
  std::stop_token stop_;
  std::vector<std::string> maintenance_;
};

}  // namespace pgpm
