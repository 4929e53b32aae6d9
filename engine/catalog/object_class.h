// The classes of objects a snapshot consists of: one query each, in schema/catalog. A query's first
// four columns are kind, schema, identity and within; each further column is a fact, named after
// the column, absent where it is NULL.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pgpm/catalog.h"

namespace pgpm::catalog {

enum class Reach { database, cluster };
enum class Readers { everybody, superusers };

struct ObjectClass {
  std::string_view file;  ///< in schema/catalog
  std::string_view sql;
  Reach reach = Reach::database;
  Readers readers = Readers::everybody;
  int since = 0;  ///< the first PostgreSQL version that has the class; 0: all
};

/// Every query of schema/catalog, in no particular order.
std::span<const ObjectClass> object_classes();

/// The classes a server of this version is to be asked for by this user.
std::vector<const ObjectClass*> asked_classes(int major, Readers user, ClusterObjects cluster);
/// The queries a server of this version is to be asked by this user.
std::vector<std::string> class_queries(int major, Readers user, ClusterObjects cluster);

}  // namespace pgpm::catalog
