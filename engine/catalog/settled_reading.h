// Several questions about the catalog, answered as of one moment. The surprising fact: a
// transaction's snapshot does not cover everything. The server words definitions (pg_get_indexdef
// and its like) from the catalog of that very moment, so a reading counts only if no transaction
// came or went meanwhile, or if a second reading says the same. Knows nothing of what is asked.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "engine/db/connection.h"

namespace pgpm::catalog {

/// Told each query's result as it arrives, by the query's number, while the server works on the
/// next. From 0 on again if the reading is repeated: then what was told before is void.
using AnswerSeen = std::function<void(std::size_t query, const db::Result& result)>;

/// What one session was told, once.
struct Reading {
  std::vector<db::Result> results;
  std::string running_before, running_after;  ///< transactions, as the server tells them

  /// No transaction began or ended meanwhile.
  bool undisturbed() const { return running_before == running_after; }
};

/// A single reading, in a transaction of its own or the caller's. Two sessions read as of one
/// moment if both were undisturbed and saw the same transactions.
Reading read_once(db::Connection& connection, const std::vector<std::string>& queries,
                  const AnswerSeen& seen);

/// One result for each query, in order. Names without a schema are the catalog's, and nothing that
/// the session, its role or its database has set shows in the words of a definition. Inside a
/// transaction of the caller's it sees what that did, and leaves no trace in it. Throws as
/// pgpm::take_snapshot().
std::vector<db::Result> read_settled(db::Connection& connection,
                                     const std::vector<std::string>& queries,
                                     const AnswerSeen& seen = {});

}  // namespace pgpm::catalog
