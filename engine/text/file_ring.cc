// Each file is two requests: open it into a slot of the ring's own table of files, and linked to
// that read from the slot into its buffer. As with read(2), less than was asked for may be all for
// now, so where it may be, a third reads once more where it ended, which must bring nothing. File
// systems that read through the page cache stop early only between two pages. Opening the next file
// into a slot closes the one before, so no call closes anything. What fills its buffer, and what is
// empty (as /proc says of all), is left to the caller. Written for Linux 6.1 with liburing; what
// the requests and flags mean is in io_uring_enter(2) and io_uring_setup(2).
#include "engine/text/file_ring.h"

#include <fcntl.h>
#include <liburing.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

namespace pgpm {

namespace {

constexpr unsigned slot_bytes = 8192;
constexpr unsigned requests = 2 * FileRing::batch;

enum class Step : std::uint32_t { open, read, look_behind };

/// What a completion belongs to. The round tells late ones of a round before apart: the read behind
/// a file that could not be opened may be reported as well.
struct Ticket {
  std::uint32_t round;
  std::uint32_t slot;
  Step step;

  std::uint64_t packed() const {
    return (std::uint64_t{round} << 32U) | (std::uint64_t{slot} << 2U) |
           static_cast<std::uint64_t>(step);
  }
  static Ticket of(std::uint64_t packed) {
    return {static_cast<std::uint32_t>(packed >> 32U),
            static_cast<std::uint32_t>(packed >> 2U) & 0x3fffffffU, static_cast<Step>(packed & 3U)};
  }
};

/// Whether the folder's files are read through the page cache.
bool reads_by_pages(int folder) {
  struct statfs system {};
  if (::fstatfs(folder, &system) != 0) return false;
  const auto type = static_cast<unsigned long>(system.f_type);
  return type == EXT4_SUPER_MAGIC || type == XFS_SUPER_MAGIC || type == BTRFS_SUPER_MAGIC ||
         type == TMPFS_MAGIC;
}

}  // namespace

struct FileRing::Ring {
  struct io_uring uring {};
  bool is_set_up = false;
  std::uint32_t round = 0;
  // Not zeroed: pages that nothing is read into stay untouched.
  std::array<char, batch * slot_bytes> bytes;

  ~Ring() {
    if (is_set_up) ::io_uring_queue_exit(&uring);
  }
  bool set_up();
  bool read_all(int folder, std::span<const char* const> names, Contents& contents);
  bool drop_unfinished(bool by_pages, Contents& contents);

 private:
  char* buffer(std::uint32_t slot) { return bytes.data() + std::size_t{slot} * slot_bytes; }
  void ask_to_open(int folder, const char* name, std::uint32_t slot);
  void ask_to_read(std::uint32_t slot, char* into, unsigned size, std::uint64_t offset, Step step);
  bool complete(std::size_t files, Contents& contents);
  std::size_t take_completions(Contents& contents);
  void take(const Ticket& ticket, int result, Contents& contents);
};

bool FileRing::Ring::set_up() {
  // One thread asks and waits: the kernel works in its calls only, and wakes nobody.
  if (::io_uring_queue_init(requests, &uring,
                            IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN) != 0)
    return false;
  is_set_up = true;
  return ::io_uring_register_files_sparse(&uring, batch) == 0;
}

void FileRing::Ring::ask_to_open(int folder, const char* name, std::uint32_t slot) {
  struct io_uring_sqe* request = ::io_uring_get_sqe(&uring);
  ::io_uring_prep_openat_direct(request, folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0, slot);
  request->flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
  request->user_data = Ticket{round, slot, Step::open}.packed();
}

void FileRing::Ring::ask_to_read(std::uint32_t slot, char* into, unsigned size,
                                 std::uint64_t offset, Step step) {
  struct io_uring_sqe* request = ::io_uring_get_sqe(&uring);
  ::io_uring_prep_read(request, static_cast<int>(slot), into, size, offset);
  request->flags |= IOSQE_FIXED_FILE;
  request->user_data = Ticket{round, slot, step}.packed();
}

/// False if the ring does not work any more.
bool FileRing::Ring::read_all(int folder, std::span<const char* const> names, Contents& contents) {
  ++round;
  for (std::uint32_t slot = 0; slot < names.size(); ++slot) {
    ask_to_open(folder, names[slot], slot);
    ask_to_read(slot, buffer(slot), slot_bytes, 0, Step::read);
  }
  return complete(names.size(), contents);
}

/// Takes back what was not read to its end. Returns as read_all().
bool FileRing::Ring::drop_unfinished(bool by_pages, Contents& contents) {
  static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  ++round;
  std::size_t files = 0;
  for (std::uint32_t slot = 0; slot < batch; ++slot) {
    if (!contents[slot]) continue;
    const std::size_t end = contents[slot]->size();
    if (by_pages && end % page != 0) continue;
    ask_to_read(slot, buffer(slot) + end, 1, end, Step::look_behind);
    ++files;
  }
  return complete(files, contents);
}

bool FileRing::Ring::complete(std::size_t files, Contents& contents) {
  while (files > 0) {
    const int error = ::io_uring_submit_and_wait(&uring, static_cast<unsigned>(files));
    if (error < 0 && error != -EINTR) return false;
    files -= std::min(files, take_completions(contents));
  }
  return true;
}

/// How many files are done. One that cannot be opened is done with that.
std::size_t FileRing::Ring::take_completions(Contents& contents) {
  std::size_t done = 0;
  struct io_uring_cqe* completion = nullptr;
  while (::io_uring_peek_cqe(&uring, &completion) == 0) {
    const Ticket ticket = Ticket::of(completion->user_data);
    const int result = completion->res;
    ::io_uring_cqe_seen(&uring, completion);
    const bool was_told_before = ticket.step == Step::read && result == -ECANCELED;
    if (ticket.round != round || was_told_before) continue;
    take(ticket, result, contents);
    ++done;
  }
  return done;
}

void FileRing::Ring::take(const Ticket& ticket, int result, Contents& contents) {
  auto& content = contents[ticket.slot];
  if (ticket.step == Step::look_behind && result != 0) content.reset();
  if (ticket.step == Step::read && result > 0 && static_cast<unsigned>(result) < slot_bytes)
    content.emplace(buffer(ticket.slot), static_cast<std::size_t>(result));
}

FileRing::FileRing(std::unique_ptr<Ring> ring) : ring_(std::move(ring)) {}
FileRing::~FileRing() = default;

std::unique_ptr<FileRing> FileRing::open() {
  auto ring = std::make_unique_for_overwrite<Ring>();
  if (!ring->set_up()) return nullptr;
  return std::unique_ptr<FileRing>(new FileRing(std::move(ring)));
}

const FileRing::Contents& FileRing::read(int folder, std::span<const char* const> names) {
  contents_.fill(std::nullopt);
  if (!ring_) return contents_;
  if (!ring_->read_all(folder, names, contents_) ||
      !ring_->drop_unfinished(reads_by_pages(folder), contents_)) {
    contents_.fill(std::nullopt);
    // Never freed: what it was asked for may still be read into its memory.
    static_cast<void>(ring_.release());
  }
  return contents_;
}

}  // namespace pgpm
