// Signals, dispatch, last-resort catch. --version answers before anything else is set up.
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "cli/dispatch.h"
#include "cli/interrupt.h"
#include "pgpm/target.h"

namespace {

constexpr int internal_error = 3, out_of_memory = 1;

bool is_version_request(int argc, char** argv) {
  if (argc != 2) return false;
  const std::string_view word(argv[1]);
  return word == "--version" || word == "-V";
}

int report_bug(const char* what) {
  std::fprintf(stderr,
               "error: internal error: %s\n"
               "This is a bug of pgpm " PGPM_VERSION
               ". Please report it with the command line and this message.\n",
               what);
  return internal_error;
}

/// A run is short and needs most of its memory until the end, so giving pages back between two
/// messages only means to fault them in again, which takes longer than filling them. Nor should it
/// fault them in one by one, which takes some virtual machines ten microseconds each: the heap gets
/// addresses, no memory yet, whose pages are large, and what lies before the first of those is
/// never used. Where there are none, it is as it was.
void keep_memory() {
#ifdef __GLIBC__
  constexpr int megabyte = 1 << 20;
  constexpr std::size_t heap = std::size_t{64} * megabyte, large_page = std::size_t{2} * megabyte,
                        small_page = 4096;
  mallopt(M_TRIM_THRESHOLD, 2 * heap);
  mallopt(M_MMAP_THRESHOLD, 2 * heap);
  // Threads that read files share it, too: a heap of their own costs more in page faults than they
  // wait for each other.
  mallopt(M_ARENA_MAX, 1);
  if (void* block = std::malloc(heap)) {
    void* begin = block;
    std::size_t room = heap;
    const bool has_large = std::align(large_page, large_page, begin, room) != nullptr &&
                           ::madvise(begin, room / large_page * large_page, MADV_HUGEPAGE) == 0;
    std::free(block);
    if (has_large && heap - room > small_page) {
      // Volatile, or the compiler sees that nobody uses it, and leaves it out.
      [[maybe_unused]] static void* volatile never_used;
      never_used = std::malloc(heap - room - small_page);
    }
  }
  mallopt(M_MMAP_THRESHOLD, 4 * megabyte);
#endif
}

/// Nothing is left to do, and tidying up tables that go with the process takes the libraries of
/// libpq a millisecond. Sanitizers and gcov report when a program ends: not there.
[[noreturn]] void leave(int exit_code) {
#ifdef PGPM_LEAVES_AT_ONCE
  std::fflush(nullptr);
  std::_Exit(exit_code);
#else
  std::exit(exit_code);
#endif
}

/// `ps` shows the command line to everybody: from here on without its passwords. Only what is
/// shorter or as long fits in its place, so a short password takes the end of the argument along.
void hide_secrets(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::size_t room = std::strlen(argv[i]);
    std::string shown = pgpm::redact(argv[i]);
    if (shown == argv[i]) continue;
    shown.resize(room, ' ');
    std::memcpy(argv[i], shown.data(), room);
  }
}

int run(int argc, char** argv) {
  keep_memory();
  try {
    const pgpm::cli::Interrupt interrupt;
    const std::vector<std::string> words(argv + 1, argv + argc);
    hide_secrets(argc, argv);
    return pgpm::cli::dispatch(words, interrupt.stop());
  } catch (const std::bad_alloc&) {
    std::fputs("error: out of memory\n", stderr);
    return out_of_memory;
  } catch (const std::exception& e) {
    return report_bug(e.what());
  } catch (...) {
    return report_bug("unknown exception");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (is_version_request(argc, argv)) {
    // The one answer that must not cost anything: no table, no thread, no parser.
    leave(std::puts("pgpm " PGPM_VERSION) >= 0 && std::fflush(stdout) == 0 ? 0 : 1);
  }
  leave(run(argc, argv));
}
