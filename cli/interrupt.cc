#include "cli/interrupt.h"

#include <pthread.h>
#include <unistd.h>

namespace pgpm::cli {

namespace {
/// Sent by ourselves to end the waiting thread.
constexpr int goodbye = SIGUSR2;

bool is_ignored(int signal) {
  struct sigaction action {};
  ::sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}
}  // namespace

Interrupt::Interrupt() {
  ::signal(SIGPIPE, SIG_IGN);
  ::sigemptyset(&signals_);
  ::sigaddset(&signals_, SIGINT);
  ::sigaddset(&signals_, SIGTERM);
  ::sigaddset(&signals_, goodbye);
  // nohup asked for hanging up to be ignored.
  if (!is_ignored(SIGHUP)) ::sigaddset(&signals_, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  waiter_ = std::thread([this] { wait(); });
}

Interrupt::~Interrupt() {
  ::pthread_kill(waiter_.native_handle(), goodbye);
  waiter_.join();
}

void Interrupt::wait() {
  for (;;) {
    int signal = 0;
    if (::sigwait(&signals_, &signal) != 0) return;
    if (signal == goodbye) return;
    if (source_.stop_requested()) ::_exit(130);
    source_.request_stop();
  }
}

}  // namespace pgpm::cli
