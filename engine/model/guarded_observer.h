// Between a run and whoever listens to it: events of several connections come one at a time, and a
// listener that fails (its output is gone) stops the run in order, whatever it was in the middle
// of.
#pragma once

#include <exception>
#include <mutex>
#include <stop_token>
#include <string>

#include "pgpm/observer.h"

namespace pgpm {

class GuardedObserver final : public Observer {
 public:
  GuardedObserver(Observer& observer, std::stop_token stop);

  /// Passes it on, until that fails: then asks for a stop and keeps the reason.
  void on_event(const Event& event) override;

  /// Requested by the caller, by stop(), or because the listener failed.
  std::stop_token stop_token() const { return stop_.get_token(); }
  void stop() { stop_.request_stop(); }
  /// Throws what the listener threw, if it did. An Error among that learns what the database looks
  /// like.
  void rethrow(const std::string& database_state) const;

 private:
  struct RequestStop {
    std::stop_source source;
    void operator()() { source.request_stop(); }
  };

  Observer& observer_;
  std::mutex mutex_;
  std::exception_ptr failure_;
  std::stop_source stop_;
  std::stop_callback<RequestStop> on_stop_;
};

}  // namespace pgpm
