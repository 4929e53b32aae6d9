// See pgpm/early_connection.h: the thread, and who listens to whose stop.
#pragma once

#include <future>
#include <optional>
#include <stop_token>

#include "engine/db/connection.h"
#include "pgpm/early_connection.h"

namespace pgpm {

class EarlyConnection {
 public:
  EarlyConnection(const Target& target, const RunOptions& options, std::stop_token stop);
  ~EarlyConnection();
  EarlyConnection(const EarlyConnection&) = delete;
  EarlyConnection& operator=(const EarlyConnection&) = delete;

  bool is_there() const { return opening_.valid(); }
  /// Waits for it; once. From then on it also listens to `stop`. Throws as open_for_writing(). The
  /// connection must not outlive this.
  db::Connection take(std::stop_token stop);

 private:
  struct RequestStop {
    std::stop_source source;
    void operator()() { source.request_stop(); }
  };
  using OnStop = std::stop_callback<RequestStop>;

  std::stop_source stop_;
  OnStop on_stop_;
  std::optional<OnStop> on_stop_of_verb_;
  std::future<db::Connection> opening_;  // its destructor waits for the thread
};

}  // namespace pgpm
