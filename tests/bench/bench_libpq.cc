// Links libpq, says its version, ends: what starting any program that talks to PostgreSQL costs.
#include <libpq-fe.h>

#include <cstdio>

int main() {
  std::printf("%d\n", PQlibVersion());
  return 0;
}
