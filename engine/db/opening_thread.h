// A connection that is opened while something else goes on: the thread, and who listens to whose
// stop.
#pragma once

#include <functional>
#include <future>
#include <optional>
#include <stop_token>

#include "engine/db/connection.h"

namespace pgpm::db {

class OpeningThread {
 public:
  /// Begins at once.
  OpeningThread(std::function<Connection(std::stop_token)> open, std::stop_token stop);
  /// Gives up opening if nobody took the connection.
  ~OpeningThread();
  OpeningThread(const OpeningThread&) = delete;
  OpeningThread& operator=(const OpeningThread&) = delete;

  bool is_there() const { return opening_.valid(); }
  /// Waits for it; once. From then on it also listens to `stop`. Throws as `open` does. The
  /// connection must not outlive this.
  Connection take(std::stop_token stop);

 private:
  struct RequestStop {
    std::stop_source source;
    void operator()() { source.request_stop(); }
  };
  using OnStop = std::stop_callback<RequestStop>;

  std::stop_source stop_;
  OnStop on_stop_;
  std::optional<OnStop> on_stop_of_taker_;
  std::future<Connection> opening_;  // its destructor waits for the thread
};

}  // namespace pgpm::db
