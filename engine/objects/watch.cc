// Files as they are saved, by inotify. Editors write in many ways (in place, beside and renamed),
// so whatever happens to a name that ends in .sql counts.
#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "engine/db/wake_up.h"
#include "engine/objects/declare.h"
#include "engine/text/file.h"
#include "pgpm/objects.h"

namespace pgpm {

namespace fs = std::filesystem;

namespace {

class Descriptor {
 public:
  Descriptor(int descriptor, const char* what) : descriptor_(descriptor) {
    if (descriptor < 0)
      throw Error(ErrorCode::other,
                  fmt::format("cannot watch files: {}: {}", what, std::strerror(errno)));
  }
  ~Descriptor() { ::close(descriptor_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

enum class Seen { nothing, change, stop };

class Watch {
 public:
  Watch(std::string directory, const std::stop_token& stop)
      : directory_(std::move(directory)),
        inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK), "inotify_init1"),
        on_stop_(stop, db::WakeOnStop{&wake_}) {
    add_folders();
  }

  /// Waits for a change; for ever if `timeout` is negative.
  Seen wait(int timeout) {
    std::array<pollfd, 2> descriptors{{{inotify_.get(), POLLIN, 0}, {wake_.fd(), POLLIN, 0}}};
    const int ready = ::poll(descriptors.data(), descriptors.size(), timeout);
    if (descriptors[1].revents != 0) return Seen::stop;
    return ready > 0 && read_events() ? Seen::change : Seen::nothing;
  }

 private:
  void add(const fs::path& folder) {
    constexpr std::uint32_t events =
        IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_CREATE;
    if (::inotify_add_watch(inotify_.get(), folder.c_str(), events) < 0 && errno != ENOENT)
      throw Error(ErrorCode::other,
                  fmt::format("cannot watch {}: {}", shown_path(folder), std::strerror(errno)));
  }

  /// Adding one that is watched already changes nothing.
  void add_folders() {
    add(directory_);
    // Folders may go while they are listed: what is left of them is told by another event.
    std::error_code gone;
    for (fs::recursive_directory_iterator entry(directory_, gone), end; !gone && entry != end;
         entry.increment(gone))
      if (entry->is_directory(gone)) add(entry->path());
  }

  bool read_events() {
    alignas(inotify_event) std::array<char, 16384> buffer{};
    bool is_change = false;
    for (auto length = ::read(inotify_.get(), buffer.data(), buffer.size()); length > 0;
         length = ::read(inotify_.get(), buffer.data(), buffer.size())) {
      for (std::size_t at = 0; at < static_cast<std::size_t>(length);) {
        inotify_event event{};
        std::memcpy(&event, buffer.data() + at, sizeof event);
        const std::string name = event.len == 0 ? "" : buffer.data() + at + sizeof event;
        is_change = note(event, name) || is_change;
        at += sizeof event + event.len;
      }
    }
    return is_change;
  }

  bool note(const inotify_event& event, const std::string& name) {
    if ((event.mask & IN_Q_OVERFLOW) != 0) return true;
    if ((event.mask & IN_ISDIR) != 0) {
      add_folders();
      return true;  // it may have come with files in it
    }
    // A file is told when it is closed, not when it is made.
    return (event.mask & IN_CREATE) == 0 && name.ends_with(".sql");
  }

  std::string directory_;
  Descriptor inotify_;
  db::WakeUp wake_;
  std::stop_callback<db::WakeOnStop> on_stop_;
};

}  // namespace

void watch_files(const std::string& directory, std::chrono::milliseconds quiet,
                 const std::function<void()>& changed, std::stop_token stop) {
  objects::require_code_dir(directory);
  Watch watch(directory, stop);
  changed();
  while (!stop.stop_requested()) {
    Seen seen = watch.wait(-1);
    bool is_pending = seen == Seen::change;
    while (seen == Seen::change) seen = watch.wait(static_cast<int>(quiet.count()));
    if (seen == Seen::stop) return;
    if (is_pending) changed();
  }
}

}  // namespace pgpm
