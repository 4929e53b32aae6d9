#include "engine/db/pauses.h"

#include <poll.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "engine/db/wire.h"

namespace pgpm::db {

std::chrono::milliseconds Pauses::next() {
  const std::chrono::milliseconds length = std::min(length_, longest_);
  length_ = std::min(length * 3 / 2, longest_);
  return std::min(length * static_cast<int>(random_() % 51U + 75U) / 100, longest_);
}

void wait_out(std::chrono::milliseconds length, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, length, [] { return false; });
  if (stop.stop_requested()) throw Error(ErrorCode::interrupted, "interrupted");
}

void wait_out(Connection& connection, std::chrono::milliseconds length) {
  Connection::State& state = connection.state();
  state.cancels = 0;
  switch (wait_socket(state, POLLIN, Clock::now() + length)) {
    case Woken::deadline:
      return;
    case Woken::stop:
      throw Error(ErrorCode::interrupted, "interrupted");
    case Woken::socket:
      break;
  }
  // Nothing was asked, so it is a parameter change, or the end: the next statement tells.
  libpq().PQconsumeInput(state.conn.get());
}

}  // namespace pgpm::db
