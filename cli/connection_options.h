// From --database, --host, ... and the environment to a Target. What is left open is libpq's to
// decide (PG* variables, service file, .pgpass); only PGPM_DATABASE_URL and DATABASE_URL, which
// libpq does not know, are read here.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/environment.h"
#include "pgpm/local_server.h"
#include "pgpm/target.h"

namespace pgpm::cli {

/// The options of every command that connects.
std::vector<Option> connection_options();
/// Own options followed by the connection's.
std::vector<Option> with_connection(std::vector<Option> own);

/// The Target the options and variables mean, without --local. Does not connect.
Target named_target(const Arguments& arguments, const Environment& environment,
                    std::string application);

/// Whether options or environment say which server is meant; else it is libpq's default.
bool names_a_server(const Arguments& arguments, const Environment& environment);

/// Where the private server of --local lives.
LocalServerOptions local_server_options(const Environment& environment);
/// named_target(), or the private server (started if needed) under --local. There the database is
/// --database, else PGDATABASE, else "postgres"; --host, --port, --username and --dsn are refused
/// beside --local.
Target choose_target(const Arguments& arguments, const Environment& environment,
                     std::string application);

}  // namespace pgpm::cli
