#include "engine/migrate/doubt.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "engine/db/advisory_lock.h"
#include "engine/db/beside.h"

namespace pgpm {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause(50);
constexpr milliseconds longest_pause(800);
constexpr int attempts = 7;  // a server that recovers from a crash refuses us for a while
constexpr milliseconds connect_limit(5000);
constexpr milliseconds answer_limit(5000);
constexpr milliseconds lock_limit(5000);

bool is_settled(const RegistryState& state, const PreparedStep& step) {
  const registry::DeployRecord& record = step.record;
  if (step.step.action == Action::revert) {
    const std::string& name = step.rename ? step.rename->first : record.change;
    return state.find(record.package, name) == nullptr;
  }
  const DeployedChange* row = state.find(record.package, record.change);
  // The instance that is reworked had the plain name before.
  const bool former = step.rename && state.find(record.package, step.rename->second) == nullptr;
  return row != nullptr && !former;
}

Settled read_settled(db::Connection& lost, const PreparedRun& run) {
  db::Connection connection = db::open_beside(lost, connect_limit);
  connection.give_up_after(answer_limit);
  const db::RunLock lock = db::RunLock::acquire(connection, lock_limit, {});
  return settled_by(registry::read_state(connection, registry::Detail::names_and_hashes), run);
}

}  // namespace

Settled settled_by(const RegistryState& state, const PreparedRun& run) {
  Settled settled;
  for (const PreparedModule& module : run.modules) {
    const auto done = static_cast<std::size_t>(
        std::count_if(module.steps.begin(), module.steps.end(),
                      [&](const PreparedStep& step) { return is_settled(state, step); }));
    settled.all += module.steps.size();
    settled.changes += done;
    if (done > 0) settled.modules.push_back(module.module);
  }
  return settled;
}

std::optional<Settled> ask_ledger(db::Connection& lost, const PreparedRun& run) {
  milliseconds pause = first_pause;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    try {
      return read_settled(lost, run);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::connection) return std::nullopt;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, longest_pause);
  }
  return std::nullopt;
}

}  // namespace pgpm
