#include "engine/model/guarded_observer.h"

namespace pgpm {

GuardedObserver::GuardedObserver(Observer& observer, std::stop_token stop)
    : observer_(observer), on_stop_(std::move(stop), RequestStop{stop_}) {}

void GuardedObserver::on_event(const Event& event) {
  const std::lock_guard lock(mutex_);
  if (failure_) return;
  try {
    observer_.on_event(event);
  } catch (...) {
    failure_ = std::current_exception();
    stop_.request_stop();
  }
}

void GuardedObserver::rethrow(const std::string& database_state) const {
  if (!failure_) return;
  try {
    std::rethrow_exception(failure_);
  } catch (Error& error) {
    error.leaving(database_state);
    throw;
  }
}

}  // namespace pgpm
