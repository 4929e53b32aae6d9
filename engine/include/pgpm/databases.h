// The databases of a server from outside: which there are, who is connected to them, and ending
// that. Works through a maintenance database (postgres, else template1); the target's own need not
// exist. One connection, one thread; a stop request ends the waiting, not what was done before it.
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/target.h"

namespace pgpm {

struct DatabaseSummary {
  std::string name, owner;
  std::size_t sessions = 0;  ///< of clients, whoever they are
};

/// By name, without templates and without the maintenance database. `like` is a pattern of LIKE; ""
/// = all. Throws Error(connection), Error(sql).
std::vector<DatabaseSummary> list_databases(const Target& target, const std::string& like,
                                            std::stop_token stop);

enum class Afterwards { keep_database, drop_database };

struct EndedDatabase {
  std::string name;
  std::size_t sessions_ended = 0;
  bool dropped = false;
  std::string problem;  ///< the server's words why not all was done, "" if it was
};

/// Ends every session of these databases, waits until they are gone, and drops the databases if
/// that is wanted. One that fails does not keep it from the next. Throws only for the connection to
/// the server, and Error(interrupted).
std::vector<EndedDatabase> end_sessions(const Target& target,
                                        const std::vector<std::string>& databases,
                                        Afterwards afterwards, std::stop_token stop);

}  // namespace pgpm
