// The temporary tables, views and functions of a session, filled with a project. Silent: nothing of
// it raises a notice.
#pragma once

#include "engine/db/connection.h"
#include "pgpm/session.h"

namespace pgpm {

PlanFiles plan_files(const SessionOptions& options);

/// Makes them, empty, in a transaction that stays open: nothing of it is there for good until
/// load_session_objects() has filled them. Throws Error(sql) with no transaction open.
void begin_session_objects(db::Connection& connection, PlanFiles plan_files);
bool has_open_session_objects(const db::Connection& connection);

/// Fills them, after making them if nobody began. `parameters` as checked_parameters() returns
/// them. In one transaction of its own; may be called again in the same session. Throws Error(sql)
/// without any value of a parameter, Error(configuration) for a character that the database's
/// encoding lacks.
void load_session_objects(db::Connection& connection, const SessionProject& project,
                          const SessionParameters& parameters, PlanFiles plan_files);

}  // namespace pgpm
