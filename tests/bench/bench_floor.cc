// bench_floor FILE: sends the file to the server as one message, and does nothing else. What
// deploying the same SQL costs at least.
#include <libpq-fe.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream in(argv[1], std::ios::binary);
  const std::string sql(std::istreambuf_iterator<char>(in), {});
  PGconn* connection = PQconnectdb("");
  int status = 1;
  if (PQstatus(connection) == CONNECTION_OK) {
    PGresult* result = PQexec(connection, sql.c_str());
    const ExecStatusType outcome = PQresultStatus(result);
    status = outcome == PGRES_COMMAND_OK || outcome == PGRES_TUPLES_OK ? 0 : 1;
    PQclear(result);
  }
  if (status != 0) std::fprintf(stderr, "%s", PQerrorMessage(connection));
  PQfinish(connection);
  return status;
}
