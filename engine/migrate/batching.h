// Adaptive batches: consecutive units travel in one message, few at first, then as many as fit a
// fraction of a second, so that round trips do not count, progress stays alive and an interrupt
// stays prompt. A syntax error anywhere in a message fails all of it, so one that begins inside a
// transaction never goes beyond its end: else it could take a finished transaction down with the
// next one. Knows nothing of what units are.
#pragma once

#include <cstddef>
#include <optional>

#include "engine/db/batch.h"

namespace pgpm {

enum class AfterFailure { stop, go_on };

/// Whether what stands before the failed fragment in its unit has run. A syntax error fails a whole
/// message before its first statement.
enum class Before { ran, did_not_run };

/// A row of units to be sent in order.
class UnitSource {
 public:
  virtual ~UnitSource() = default;

  virtual std::size_t size() const = 0;
  /// Appends the unit's fragments, labelled with `unit`. A unit may have none.
  virtual void render(std::size_t unit, db::Batch& batch) = 0;
  /// Appends what must stand at the end of a message whose last unit this is, as part of it.
  virtual void render_end(std::size_t, db::Batch&) {}
  /// Must not share a message with others; run_alone() is called for it instead of render(). It
  /// returns what failed() would if the unit failed and that is dealt with, or throws.
  virtual bool is_alone(std::size_t) const { return false; }
  /// No further unit may follow this one in the same message (it is likely to fail).
  virtual bool ends_batch(std::size_t) const { return false; }
  /// Behind this unit no transaction is open.
  virtual bool ends_transaction(std::size_t) const { return false; }

  /// Nothing anybody waits for: what follows it is announced together with it.
  virtual bool is_quiet(std::size_t) const { return false; }

  virtual std::optional<AfterFailure> run_alone(std::size_t) { return std::nullopt; }
  /// In order; started() may come long before the server begins with it, done() as its results
  /// arrive. In done() of a unit that ends its batch the connection may be used.
  virtual void started(std::size_t unit) = 0;
  virtual void done(std::size_t unit) = 0;
  /// The server raised this while the unit ran, which may be one before the unit started() last.
  virtual void noticed(std::size_t unit, const ServerMessage& message) = 0;
  /// started() was called for the unit, but an error elsewhere in its message kept it from running.
  virtual void not_run(std::size_t) {}
  /// A row that the engine's own SQL of the unit gave, as it arrives.
  virtual void answered(std::size_t, const db::Result&) {}
  /// The unit failed; units after it have not run. Whoever goes on has seen to it that the session
  /// is in order again when the next unit runs. May throw.
  virtual AfterFailure failed(std::size_t unit, const db::BatchFailure& failure,
                              const db::Fragment& fragment, Before before) = 0;
};

/// Runs units from `first` on until the end or until failed() says stop. Returns whether all were
/// run. Takes the connection's notices meanwhile.
bool run_units(db::Connection& connection, UnitSource& source, std::size_t first = 0);

}  // namespace pgpm
