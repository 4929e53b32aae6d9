#include "engine/session/deadline.h"

namespace pgpm {

Deadline::Deadline(std::chrono::milliseconds limit, std::stop_token stop)
    : on_stop_(std::move(stop), PassOn{source_}) {
  if (limit.count() <= 0) return;
  watcher_ = std::thread([this, limit] {
    std::unique_lock lock(mutex_);
    if (ended_.wait_for(lock, limit, [this] { return has_ended_; })) return;
    has_passed_ = !source_.stop_requested();
    lock.unlock();
    source_.request_stop();
  });
}

Deadline::~Deadline() {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
  }
  ended_.notify_all();
  if (watcher_.joinable()) watcher_.join();
}

bool Deadline::has_passed() const {
  const std::lock_guard lock(mutex_);
  return has_passed_;
}

}  // namespace pgpm
