// A transaction that misses a lock, or gives way to another in a deadlock or a serialization
// conflict, is rolled back as a whole and run again after a pause: growing, so that the application
// gets through in between, but never long, so that we come soon after the lock is free. While a
// statement waits, a second session looks at who is in the way. This file knows nothing of batches;
// who runs the transaction knows where it begins.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "engine/db/batch.h"
#include "engine/db/lookout.h"
#include "engine/db/pauses.h"
#include "engine/sql/footprint.h"
#include "pgpm/deploy.h"
#include "pgpm/observer.h"

namespace pgpm {

/// The server ended the transaction for the sake of others, and it may well succeed another time:
/// 55P03 (lock_not_available), 40P01 (deadlock), 40001 (serialization).
bool is_worth_retrying(const db::BatchFailure& failure);

class Retry {
 public:
  /// Watches the connection's waits from now on, until it goes. All three must outlive it; one at a
  /// time for a connection.
  Retry(db::Connection& connection, const RunOptions& options, Observer& observer);
  ~Retry();
  Retry(const Retry&) = delete;
  Retry& operator=(const Retry&) = delete;

  /// The transaction that is under way failed in this change ("" between changes). True if it is
  /// to be run again from its beginning: it was rolled back, told, blockers were evicted, and the
  /// pause is over. False if that would be of no use, or there is no time left. A stop during the
  /// pause turns the failure into an interrupt.
  bool again(db::BatchFailure& failure, const std::string& module, const std::string& change);
  /// It was committed (or what runs outside one went through): the next one starts anew.
  void succeeded();
  /// Says who was in the way, and what could be done about it, in an error about such a failure.
  void explain(Error& error) const;

  /// For as long as it lives, a statement runs that may build an index: how far it is is told.
  class IndexBuilding {
   public:
    IndexBuilding(Retry& retry, const sql::Footprint& footprint, const std::string& module,
                  const std::string& change);
    ~IndexBuilding();
    IndexBuilding(const IndexBuilding&) = delete;
    IndexBuilding& operator=(const IndexBuilding&) = delete;

   private:
    Retry& retry_;
  };

  /// Nobody looks around meanwhile, and no second session is there: for statements that want to be
  /// alone in the database.
  class Alone {
   public:
    explicit Alone(Retry& retry);
    ~Alone();
    Alone(const Alone&) = delete;
    Alone& operator=(const Alone&) = delete;

   private:
    Retry& retry_;
  };

 private:
  using Clock = std::chrono::steady_clock;

  void watch();
  void look(std::chrono::milliseconds waited);
  void tell_progress();
  void tell_awaited(std::chrono::milliseconds waited);
  std::chrono::milliseconds interval() const;
  db::Pauses new_pauses() const;
  bool pause(std::chrono::milliseconds length, db::BatchFailure& failure);
  bool roll_back();
  void evict(const std::vector<Blocker>& blockers);

  db::Connection& connection_;
  const RunOptions& options_;
  Observer& observer_;
  db::Lookout lookout_;
  std::chrono::milliseconds lock_timeout_;  // 0 = none
  db::Pauses pauses_;
  std::size_t attempts_ = 0;  // of the transaction under way that missed
  Clock::time_point since_;   // its first beginning
  Clock::time_point first_miss_;
  std::vector<Blocker> seen_;    // in the way of the attempt under way, as last seen
  std::vector<Blocker> named_;   // in the last miss
  std::vector<int> told_;        // of this wait
  std::string module_, change_;  // that builds an index, "" if nobody does
};

}  // namespace pgpm
