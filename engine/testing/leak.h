// What outlives a rollback to a savepoint: the numbers a sequence gave out, session locks, prepared
// statements, connections to elsewhere. (Not so role, settings, NOTIFY, LISTEN, cursors, temporary
// and large objects: tests/db/sql_test_leaks_test.cc shows that they go.)
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/db/connection.h"

namespace pgpm {

/// What a step left behind, in words: "sequence public.s, which went from 3 to 5".
using Leaks = std::vector<std::string>;

/// Watches one session. Sequences are compared for as long as it lives, so what others do with them
/// meanwhile is seen as well; those that are made after it was are nobody's.
class LeakDetector {
 public:
  explicit LeakDetector(db::Connection& connection);

  /// What a rolled back test left. What would disturb the next one is undone: locks are released,
  /// statements deallocated, connections closed.
  Leaks after_test();
  /// What a fixture left that its teardown will not take away. Its tests may need it: nothing is
  /// undone. Locks are not judged yet, since those of its transaction end with it.
  Leaks after_fixture();
  /// Locks that fixtures left; everything that can be undone is.
  Leaks at_end();

 private:
  enum class Kind { sequence, lock, statement, link };
  using Key = std::pair<Kind, std::string>;  // the name is quoted where it has to be
  struct Trace {
    std::string value;  // of a sequence
    std::string undo;   // SQL, "" if nothing can be done
  };
  using Footprint = std::map<Key, Trace>;

  Footprint read() const;
  Leaks changes_since(const Footprint& before, const Footprint& now) const;
  void undo(const Footprint& before, const Footprint& now) const;
  static std::string words(const Key& key, const Trace* before, const Trace& now);

  db::Connection& connection_;
  std::string query_;
  Footprint base_, known_;
};

}  // namespace pgpm
