// What ends a wait in poll() when somebody asks for a stop.
#pragma once

namespace pgpm::db {

/// An eventfd that a stop request makes readable. signal() may be called from any thread.
class WakeUp {
 public:
  WakeUp();
  ~WakeUp();
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;
  int fd() const { return fd_; }
  void signal() const noexcept;
  void clear() const noexcept;

 private:
  int fd_;
};

/// For a std::stop_callback; the WakeUp must outlive it.
struct WakeOnStop {
  const WakeUp* wake;
  void operator()() const noexcept { wake->signal(); }
};

}  // namespace pgpm::db
