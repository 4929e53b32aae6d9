#include "engine/migrate/retry.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/db/beside.h"
#include "engine/migrate/sentence.h"

namespace pgpm {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest_interval(20);
constexpr milliseconds unlimited_interval(1000);  // where no lock_timeout ends the wait
constexpr milliseconds shortest_pause(100);
constexpr milliseconds longest_pause(1000);
constexpr milliseconds long_wait(2000);  // is told although nothing was missed

std::vector<int> pids_of(const std::vector<Blocker>& blockers) {
  std::vector<int> pids;
  for (const Blocker& blocker : blockers) pids.push_back(blocker.pid);
  return pids;
}

bool is_idle(const Blocker& blocker) {
  return blocker.state.starts_with("idle in transaction");
}

bool is_to_go(const Blocker& blocker, const EvictRules& rules) {
  if (blocker.pid == 0) return false;
  if (rules.idle_in_transaction && is_idle(blocker)) return true;
  if (rules.autovacuum && blocker.state == "autovacuum") return true;
  return !blocker.application.empty() &&
         std::find(rules.applications.begin(), rules.applications.end(), blocker.application) !=
             rules.applications.end();
}

std::string short_name(const Blocker& blocker) {
  if (blocker.pid == 0) return "a prepared transaction";
  std::string name = fmt::format("pid {}", blocker.pid);
  std::vector<std::string> more;
  for (const std::string& part : {blocker.user, blocker.application, blocker.state})
    if (!part.empty()) more.push_back(part);
  if (!more.empty()) name += fmt::format(" ({})", fmt::join(more, ", "));
  return name;
}

}  // namespace

bool is_worth_retrying(const db::BatchFailure& failure) {
  if (failure.interrupted || failure.lost_connection) return false;
  const std::string& state = failure.message.sqlstate;
  return state == "55P03" || state == "40P01" || state == "40001";
}

Retry::Retry(db::Connection& connection, const RunOptions& options, Observer& observer)
    : connection_(connection),
      options_(options),
      observer_(observer),
      lookout_(connection),
      lock_timeout_(db::lock_timeout(connection)),
      pauses_(new_pauses()) {
  succeeded();
  watch();
}

Retry::~Retry() {
  connection_.while_waiting({}, {});
}

void Retry::watch() {
  connection_.while_waiting(interval(), [this](milliseconds waited) { look(waited); });
}

/// Often enough to see who is there before the lock is given up.
milliseconds Retry::interval() const {
  if (lock_timeout_.count() == 0) return unlimited_interval;
  return std::clamp(lock_timeout_ / 4, shortest_interval, unlimited_interval);
}

/// Never shorter than the wait before it: at least half of the time belongs to the application.
db::Pauses Retry::new_pauses() const {
  return {std::clamp(lock_timeout_, shortest_pause, longest_pause), longest_pause,
          static_cast<unsigned>(connection_.backend_pid())};
}

void Retry::look(milliseconds waited) {
  if (!change_.empty()) tell_progress();
  const std::vector<Blocker> found = lookout_.blockers();
  if (found.empty()) return;
  seen_ = found;
  if (!options_.show_queries)
    for (Blocker& blocker : seen_) blocker.query.clear();
  if (waited >= long_wait) tell_awaited(waited);
}

Retry::IndexBuilding::IndexBuilding(Retry& retry, const sql::Footprint& footprint,
                                    const std::string& module, const std::string& change)
    : retry_(retry) {
  const auto kind = footprint.kind;
  if (kind != sql::Footprint::Kind::builds_index && kind != sql::Footprint::Kind::rebuilds_index)
    return;
  retry_.module_ = module;
  retry_.change_ = change;
}

Retry::IndexBuilding::~IndexBuilding() {
  retry_.change_.clear();
}

void Retry::tell_progress() {
  const std::optional<db::IndexBuild> build = lookout_.index_build();
  if (build)
    observer_.on_event(
        IndexProgress{module_, change_, build->phase, build->done, build->total, build->unit});
}

void Retry::tell_awaited(milliseconds waited) {
  const std::vector<int> pids = pids_of(seen_);
  if (pids == told_) return;
  told_ = pids;
  observer_.on_event(LockAwaited{waited, seen_});
  if (lock_timeout_.count() == 0) evict(seen_);
}

bool Retry::again(db::BatchFailure& failure, const std::string& module, const std::string& change) {
  if (!is_worth_retrying(failure)) return false;
  const auto now = Clock::now();
  if (attempts_++ == 0) first_miss_ = now;
  const milliseconds next = pauses_.next();
  const bool in_time = now + next < first_miss_ + options_.retry_for;
  LockMissed missed{module, change, attempts_, failure.message.sqlstate, now - since_, {}, seen_};
  if (in_time) missed.next_pause = next;
  named_ = std::move(seen_);
  seen_.clear();
  told_.clear();
  if (!in_time) {
    observer_.on_event(missed);
    return false;
  }
  if (!roll_back()) {
    failure.lost_connection = true;
    return false;
  }
  observer_.on_event(missed);
  evict(named_);
  return pause(next, failure);
}

/// Before anything else: what the transaction has locked so far is needed by others.
bool Retry::roll_back() {
  const db::StopMask mask(connection_);
  try {
    if (connection_.transaction_status() != db::TransactionStatus::idle)
      connection_.exec("ROLLBACK");
    return connection_.alive();
  } catch (const Error&) {
    return false;
  }
}

bool Retry::pause(milliseconds length, db::BatchFailure& failure) {
  try {
    db::wait_out(connection_, length);
    return true;
  } catch (const Error&) {
    failure.interrupted = true;
    return false;
  }
}

void Retry::evict(const std::vector<Blocker>& blockers) {
  for (const Blocker& blocker : blockers) {
    if (!is_to_go(blocker, options_.evict)) continue;
    BlockerEvicted evicted{blocker, is_idle(blocker), {}};
    evicted.refusal = lookout_.signal(
        blocker, evicted.session_ended ? db::Signal::end_session : db::Signal::cancel_query);
    observer_.on_event(evicted);
  }
}

void Retry::succeeded() {
  attempts_ = 0;
  since_ = Clock::now();
  seen_.clear();
  named_.clear();
  told_.clear();
  pauses_ = new_pauses();
}

void Retry::explain(Error& error) const {
  if (attempts_ == 0 || !error.hint().empty()) return;
  std::vector<std::string> names;
  for (const Blocker& blocker : named_) names.push_back(short_name(blocker));
  const std::string who = names.empty() ? std::string("somebody else was in the way")
                                        : fmt::format("in the way: {}", sentence_list(names));
  error.hint(
      fmt::format("{} (attempt {}); try for longer with --retry-for, or put certain sessions "
                  "out of the way with --evict",
                  who, attempts_));
}

Retry::Alone::Alone(Retry& retry) : retry_(retry) {
  retry_.connection_.while_waiting({}, {});
  retry_.lookout_.leave();
}

Retry::Alone::~Alone() {
  retry_.watch();
}

}  // namespace pgpm
