// The temporary tables, views and functions of a session, filled with a project. Silent: nothing of
// it raises a notice.
#pragma once

#include "engine/db/connection.h"
#include "pgpm/session.h"

namespace pgpm {

/// `parameters` as checked_parameters() returns them. In one transaction of its own; may be called
/// again in the same session. Throws Error(sql) without any value of a parameter,
/// Error(configuration) for a character that the database's encoding lacks.
void load_session_objects(db::Connection& connection, const SessionProject& project,
                          const SessionParameters& parameters, PlanFiles plan_files);

}  // namespace pgpm
