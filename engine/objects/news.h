// What other sessions are told of a run, by NOTIFY: the original's channels and payloads.
#pragma once

#include <string>

#include "engine/db/connection.h"
#include "engine/objects/managed_object.h"

namespace pgpm::objects {

/// Outside the transaction of the run: what it does, or would have done.
void tell_initiated(db::Connection& connection, const ObjectReport& planned);
/// Inside the run's transaction: it is told when that commits.
void tell_succeeded(db::Connection& connection, const ObjectReport& done);
/// What was told of a run before it failed.
enum class Told { nothing, initiated };
/// Outside a transaction. Who hears of a failure has heard of the run. What the server does not
/// take is left unsaid: the error goes its own way.
void tell_failed(db::Connection& connection, Told before, const ObjectReport& planned,
                 const Error& error);
/// Inside the run's transaction. `oid` is the object's number.
void tell_loaded(db::Connection& connection, const ManagedObject& object, std::uint32_t oid);

}  // namespace pgpm::objects
