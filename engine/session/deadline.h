// A time limit as a stop request, beside the caller's own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace pgpm {

class Deadline {
 public:
  /// 0 = no limit; the caller's stop is passed on all the same.
  Deadline(std::chrono::milliseconds limit, std::stop_token stop);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  std::stop_token stop() const { return source_.get_token(); }
  /// The limit, not the caller, requested the stop.
  bool has_passed() const;

 private:
  struct PassOn {
    std::stop_source source;
    void operator()() { source.request_stop(); }
  };

  std::stop_source source_;
  std::stop_callback<PassOn> on_stop_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  bool has_ended_ = false, has_passed_ = false;
  std::thread watcher_;
};

}  // namespace pgpm
