#include "engine/db/opening_thread.h"

#include <utility>

namespace pgpm::db {

OpeningThread::OpeningThread(std::function<Connection(std::stop_token)> open, std::stop_token stop)
    : on_stop_(std::move(stop), RequestStop{stop_}),
      opening_(std::async(std::launch::async, std::move(open), stop_.get_token())) {}

OpeningThread::~OpeningThread() {
  stop_.request_stop();
}

Connection OpeningThread::take(std::stop_token stop) {
  on_stop_of_taker_.emplace(std::move(stop), RequestStop{stop_});
  return opening_.get();
}

}  // namespace pgpm::db
