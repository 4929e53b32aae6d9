#include "engine/migrate/batching.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pgpm {

namespace {

using Clock = std::chrono::steady_clock;

/// A message should take about this long: short enough for a progress line, long enough to forget
/// the round trip.
constexpr std::chrono::duration<double> wanted_duration{0.2};
constexpr std::size_t largest_batch = 512;
constexpr std::size_t largest_growth = 4;
constexpr std::size_t enough_bytes = 1 << 20;
constexpr std::size_t few_units = 4;  // more than a transaction with a single change has

class BatchLoop {
 public:
  BatchLoop(db::Connection& connection, UnitSource& source, std::size_t first)
      : connection_(connection), source_(source), next_(first) {
    connection_.on_notice(
        [this](const ServerMessage& message) { source_.noticed(noisy_unit(), message); });
  }
  ~BatchLoop() { connection_.on_notice({}); }
  BatchLoop(const BatchLoop&) = delete;
  BatchLoop& operator=(const BatchLoop&) = delete;

  bool run() {
    while (next_ < source_.size()) {
      if (source_.is_alone(next_)) {
        start(next_);
        const std::optional<AfterFailure> failed = source_.run_alone(next_);
        if (failed == AfterFailure::stop) return false;
        if (!failed) source_.done(next_);
        ++next_;
      } else if (run_some(whole_transactions(next_ + size_)) == Sent::stopped) {
        return false;
      }
    }
    return true;
  }

 private:
  /// forgiven: one failed, and the run goes on behind it.
  enum class Sent { all, forgiven, stopped };

  /// Units [first, end), rendered.
  struct Filled {
    db::Batch batch;
    std::size_t first = 0;
    std::size_t end = 0;
  };

  /// Sends units [next_, end), or fewer.
  Sent run_some(std::size_t end) {
    const auto begin = Clock::now();
    const Filled filled = take_ahead(end);
    const db::Batch& batch = filled.batch;
    sent_end_ = filled.end;
    start(filled.first);
    fragments_done_ = 0;
    sent_ = &batch;
    const std::optional<db::BatchFailure> failure = db::run_batch(
        connection_, batch, [&](std::size_t fragment) { fragment_done(batch, fragment); },
        [&](std::size_t fragment, std::size_t, const db::Result& row) {
          const db::Fragment& asked = batch.fragments()[fragment];
          if (!asked.script) source_.answered(asked.label, row);
        },
        [&] { fill_ahead(filled.end); });
    sent_ = nullptr;
    if (failure) return handle(batch, *failure);
    finish_before(filled.end);
    adapt(next_ - filled.first, Clock::now() - begin);
    return Sent::all;
  }

  /// What was rendered meanwhile, unless it turned out to be too much, or a failure has moved us.
  Filled take_ahead(std::size_t end) {
    std::optional<Filled> ahead = std::exchange(ahead_, std::nullopt);
    if (ahead && ahead->first == next_ && ahead->end <= end) return std::move(*ahead);
    return fill(next_, end, connection_.transaction_status() != db::TransactionStatus::idle);
  }

  /// While the server works on the units before `first`: else it would wait for us between two
  /// messages. Only as much as what is known of its speed allows.
  void fill_ahead(std::size_t first) {
    if (wanted_ == 0 || first >= source_.size() || source_.is_alone(first)) return;
    const std::size_t size = std::min(wanted_, largest_after(size_));
    ahead_ = fill(first, whole_transactions(first + size), !source_.ends_transaction(first - 1));
  }

  /// `inside`: a transaction is open in front of `first`.
  Filled fill(std::size_t first, std::size_t end, bool inside) {
    end = std::min(end, source_.size());
    Filled filled{db::Batch(connection_.settings_after_reset()), first, first};
    std::size_t& unit = filled.end;
    while (unit < end && !source_.is_alone(unit) && filled.batch.bytes() < enough_bytes) {
      source_.render(unit, filled.batch);
      const bool last = source_.ends_batch(unit) || (inside && source_.ends_transaction(unit));
      ++unit;
      if (last) break;
    }
    if (unit > first) source_.render_end(unit - 1, filled.batch);
    return filled;
  }

  /// A transaction that ends right behind `end` is not cut.
  std::size_t whole_transactions(std::size_t end) const {
    for (std::size_t unit = end; unit > 0 && unit < std::min(end + few_units, source_.size());
         ++unit) {
      if (source_.ends_transaction(unit - 1)) return unit;
    }
    return end;
  }

  /// Announces the unit, and what comes after it as long as it is quiet and travels in the same
  /// message.
  void start(std::size_t unit) {
    for (; unit >= started_; ++unit) {
      started_ = unit + 1;
      source_.started(unit);
      if (!source_.is_quiet(unit) || unit + 1 >= sent_end_) return;
    }
  }

  void finish_before(std::size_t unit) {
    while (next_ < unit) {
      start(next_);
      source_.done(next_);
      ++next_;
    }
  }

  void fragment_done(const db::Batch& batch, std::size_t fragment) {
    const auto& fragments = batch.fragments();
    const std::size_t unit = fragments[fragment].label;
    fragments_done_ = fragment + 1;
    finish_before(unit);
    // The last unit is done when its message is: done() may then use the connection.
    if (fragment + 1 == fragments.size() || fragments[fragment + 1].label == unit) return;
    finish_before(unit + 1);
    start(next_);
  }

  /// libpq hands a notice over before the result of the statement in front of the one that raised
  /// it. Most of our own SQL raises none, so it is the next piece that may.
  std::size_t noisy_unit() const {
    if (sent_ == nullptr) return std::min(next_, source_.size() - 1);
    const auto& fragments = sent_->fragments();
    for (std::size_t i = fragments_done_; i < fragments.size(); ++i) {
      const db::Fragment& fragment = fragments[i];
      if (fragment.noisy || (fragment.script && fragment.statements > 0)) return fragment.label;
    }
    return fragments.back().label;
  }

  Sent handle(const db::Batch& batch, const db::BatchFailure& failure) {
    ahead_.reset();
    const db::Fragment& fragment = batch.fragments()[failure.fragment];
    const std::size_t unit = fragment.label;
    const Before before = failure.fragment == fragments_done_ ? Before::ran : Before::did_not_run;
    // A syntax error fails a message before its first statement runs: what stands before it is sent
    // by itself, and if a unit among that fails too, ours comes again later. Within a transaction
    // that an earlier message opened nothing can run any more.
    while (next_ < unit && connection_.transaction_status() == db::TransactionStatus::idle) {
      const Sent sent = run_some(unit);
      if (sent != Sent::all) return sent;
    }
    if (next_ < unit && next_ < started_) source_.not_run(next_);
    start(unit);
    size_ = 1;
    const AfterFailure after = source_.failed(unit, failure, fragment, before);
    next_ = unit + 1;
    return after == AfterFailure::go_on ? Sent::forgiven : Sent::stopped;
  }

  void adapt(std::size_t units, std::chrono::duration<double> took) {
    const double ratio = wanted_duration / std::max(took, std::chrono::duration<double>(1e-6));
    const double wanted = std::min(static_cast<double>(units) * ratio, 1e6);
    wanted_ = std::max(static_cast<std::size_t>(wanted), std::size_t{1});
    size_ = std::min(wanted_, largest_after(size_));
  }

  static std::size_t largest_after(std::size_t size) {
    return std::min(largest_batch, size * largest_growth);
  }

  db::Connection& connection_;
  UnitSource& source_;
  std::size_t next_;          // first unit that is not done
  std::size_t started_ = 0;   // units before this one were announced
  std::size_t sent_end_ = 0;  // end of the message under way
  std::size_t size_ = 4;
  std::size_t wanted_ = 0;           // units for wanted_duration, as the last message went
  std::optional<Filled> ahead_;      // begins where the message under way ends
  const db::Batch* sent_ = nullptr;  // under way
  std::size_t fragments_done_ = 0;   // of it
};

}  // namespace

bool run_units(db::Connection& connection, UnitSource& source, std::size_t first) {
  return BatchLoop(connection, source, first).run();
}

}  // namespace pgpm
