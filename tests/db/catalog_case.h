// Create, alter, drop: what a snapshot must see of one kind of object, as data. The runner takes a
// snapshot after every step and holds the difference to the one before against what the case says,
// to the letter: the right kind and identity, the right fact, and nothing else.
#pragma once

#include <string>
#include <vector>

#include "pgpm/catalog.h"

namespace pgpm::tests {

/// One ALTER (or GRANT, COMMENT, ...): `fact` of the object changes ("owner, grants": both), and
/// nothing else.
struct Alteration {
  std::string sql;
  std::string fact;
  int since = 0;  ///< PostgreSQL version that knows the statement
};

struct ObjectCase {
  std::string kind;
  std::string identity;
  std::string setting;  ///< SQL before the first snapshot: what the object needs around it
  std::string create;   ///< makes the object, and perhaps parts of it (objects within it)
  std::vector<Alteration> alterations;
  std::string drop;
  int since = 0;
  /// Further objects that `create` makes which are not parts of it, e.g. a class's implicit family.
  std::vector<std::string> companions = {};
  /// For objects of the whole server.
  ClusterObjects cluster = ClusterObjects::leave_out;
};

/// Runs a case in a database of its own.
void check_case(const ObjectCase& object_case);

/// Kind and identity of each difference, with "+", "-" or "~" in front.
std::vector<std::string> headlines(const std::vector<ObjectDifference>& differences);

/// describe() of each difference, one per line.
std::string described(const std::vector<ObjectDifference>& differences);

}  // namespace pgpm::tests
