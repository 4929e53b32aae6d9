#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "engine/db/wire.h"

namespace pgpm::db {

WakeUp::WakeUp() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

WakeUp::~WakeUp() {
  close(fd_);
}

void WakeUp::signal() const noexcept {
  const std::uint64_t one = 1;
  // Full counter (EAGAIN) means it is readable already.
  [[maybe_unused]] const ssize_t written = ::write(fd_, &one, sizeof one);
}

void WakeUp::clear() const noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t taken = ::read(fd_, &count, sizeof count);
}

void Connection::State::watch(std::stop_token token) {
  on_stop.reset();
  wake.clear();
  stop = std::move(token);
  if (stop.stop_possible()) on_stop.emplace(stop, WakeOnStop{&wake});
}

}  // namespace pgpm::db
