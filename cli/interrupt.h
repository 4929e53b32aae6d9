// Ctrl-C and kill become a stop request. Signals are blocked in every thread and taken by one small
// thread with sigwait, because requesting a stop is nothing a signal handler may do. A second
// signal ends the process at once.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace pgpm::cli {

class Interrupt {
 public:
  /// Must be constructed before any other thread is started. Also makes SIGPIPE harmless, so that a
  /// closed stdout is an error we can report.
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token stop() const { return source_.get_token(); }

 private:
  void wait();

  sigset_t signals_;
  std::stop_source source_;
  std::thread waiter_;
};

}  // namespace pgpm::cli
