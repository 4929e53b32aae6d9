// The ledger rows of a run's deploys, several changes at a time: rows of a hundred changes in two
// INSERTs cost the server less than half of what a hundred times a few rows cost. A row is never
// later than the end of its message nor than its COMMIT, and comes right behind its script if
// somebody in the script might look. Pure: only renders.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/db/batch.h"
#include "engine/migrate/prepared_run.h"

namespace pgpm {

class Bookkeeping {
 public:
  explicit Bookkeeping(long run_id) : run_id_(run_id) {}

  /// Whether the change's row can wait for others.
  static bool can_wait(const PreparedStep& step);
  /// The unit's script is in the batch, its row is owed. Units come in order; one that comes again
  /// (its message did not run) takes back whatever was owed or under way from there on.
  void owe(std::size_t unit, const PreparedStep& step);
  /// Appends the rows owed so far, before or behind the other SQL of `unit`.
  void settle_before(std::size_t unit, db::Batch& batch);
  void settle_behind(std::size_t unit, db::Batch& batch);
  /// The server is done with the unit: what was settled with it is there.
  void done(std::size_t unit);
  /// The unit's verify script failed, and the run goes on: its own row is owed, what was to be
  /// settled behind it did not run.
  void failed_to_verify(std::size_t unit);
  /// The transaction was rolled back.
  void forget();

 private:
  struct Owed {
    std::size_t unit;
    const PreparedStep* step;
  };
  struct UnderWay {
    std::size_t unit;  // whose SQL it is part of
    std::size_t end;   // the rows are of units before this one
  };
  void take_back(std::size_t unit);
  void settle(UnderWay rows, db::Batch& batch);

  long run_id_;
  std::vector<Owed> owed_;  // oldest first
  std::vector<UnderWay> under_way_;
};

}  // namespace pgpm
