// What other sessions are told of a run, by NOTIFY: the original's channels and payloads.
#pragma once

#include <string>

#include "engine/db/connection.h"
#include "engine/objects/managed_object.h"

namespace pgpm::objects {

/// Outside a transaction: a run begins that will do what was planned.
void tell_initiated(db::Connection& connection, const ObjectReport& planned);
/// Inside the run's transaction: it is told when that commits.
void tell_succeeded(db::Connection& connection, const ObjectReport& done);
/// Outside a transaction. What the server does not take is left unsaid: the failure is told anyway.
void tell_failed(db::Connection& connection, const ObjectReport& planned, const Error& error);
/// Inside the run's transaction. `oid` is the object's number.
void tell_loaded(db::Connection& connection, const ManagedObject& object, std::uint32_t oid);

}  // namespace pgpm::objects
