// The surprising fact: whether thousands of definitions are as they were can be told without asking
// for one of them. A row of a catalog is never written in place (but for statistics): who inserts
// or updates leaves a row with the number of his transaction, who deletes leaves one row less. So
// with the objects a state of the catalogs is recorded: S, the oldest transaction that was not over
// then, how many rows there are, and where those are that S or a later one wrote. Are these numbers
// the same later on, nothing was written in between: what was in progress then and committed since
// has numbers from S on, too. It is proven, never guessed: whatever makes the numbers differ, be it
// a temporary schema or VACUUM FULL, only has the definitions looked at one by one.
//
// The rows of managed_objects are among what is counted, so that a state is that of these records
// and of no others; nobody has to take it back.
#pragma once

#include "engine/objects/server_catalog.h"
#include "engine/objects/state.h"

namespace pgpm::objects {

/// Counting takes as long as looking at about so many definitions.
constexpr std::size_t worth_counting = 100;

/// Whether it is worth while to try; `state` was read in this transaction.
bool may_be_proven(const ServerCatalog& catalog, const ObjectState& state);

/// Owners whose objects are as recorded, for certain; of others nothing is said. `state` was read
/// in this transaction.
Owners proven_owners(ServerCatalog& catalog, const ObjectState& state);

Moment moment_now(db::Connection& connection);

/// At the end of a transaction, before its commit: the objects of `owners` are known to be as
/// recorded, as of all that was committed at `known_at` and what the transaction did itself. If
/// others committed since, or it is not known since when, all of them are looked at again, and who
/// has one that is not as recorded is left out.
void record_catalog_state(db::Connection& connection, ServerCatalog& catalog, Owners owners,
                          const std::optional<Moment>& known_at);

}  // namespace pgpm::objects
