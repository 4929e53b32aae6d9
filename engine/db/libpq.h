// libpq, loaded when it is first called: with the two dozen libraries it asks for (Kerberos, LDAP,
// TLS) it is more than half of the time that a program linked with it takes to start, and many
// commands see no server.
#pragma once

#include <libpq-fe.h>

#include "engine/text/shared_library.h"

namespace pgpm::db {

// It would be indented more with each line.
// clang-format off
#define PGPM_LIBPQ_FUNCTIONS(of) \
  of(PQbackendPID) of(PQcancel) of(PQclear) of(PQcmdStatus) of(PQconnectPoll) \
  of(PQconnectStartParams) of(PQconnectionNeedsPassword) of(PQconninfo) of(PQconninfoFree) \
  of(PQconninfoParse) of(PQconsumeInput) of(PQdb) of(PQencryptPasswordConn) \
  of(PQerrorMessage) of(PQfinish) of(PQflush) of(PQfname) of(PQfreeCancel) of(PQfreemem) \
  of(PQgetCancel) of(PQgetCopyData) of(PQgetResult) of(PQgetisnull) of(PQgetlength) \
  of(PQgetvalue) of(PQhost) of(PQhostaddr) of(PQisBusy) of(PQnfields) of(PQntuples) \
  of(PQparameterStatus) of(PQport) of(PQputCopyData) of(PQputCopyEnd) of(PQresultErrorField) \
  of(PQresultErrorMessage) of(PQresultStatus) of(PQsendQuery) of(PQsendQueryParams) \
  of(PQserverVersion) of(PQsetErrorVerbosity) of(PQsetNoticeReceiver) of(PQsetSingleRowMode) \
  of(PQsetnonblocking) of(PQsocket) of(PQstatus) of(PQtransactionStatus) of(PQuser)
// clang-format on

/// Its functions, under their own names.
struct Libpq {
  PGPM_LIBPQ_FUNCTIONS(PGPM_LIBRARY_MEMBER)
};

/// Loads the library at the first call and keeps it. Safe to call from any thread. Throws
/// Error(other) if the system has none.
const Libpq& libpq();

}  // namespace pgpm::db
