// libarchive, loaded when the first archive is opened: with the dozen libraries it asks for it is a
// third of the time that a program linked with it takes to start, and few commands see an archive.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include "engine/text/shared_library.h"

namespace pgpm {

// It would be indented more with each line.
// clang-format off
#define PGPM_LIBARCHIVE_FUNCTIONS(of) \
  of(archive_entry_filetype) of(archive_entry_free) of(archive_entry_hardlink) \
  of(archive_entry_new) of(archive_entry_pathname) of(archive_entry_set_filetype) \
  of(archive_entry_set_mtime) of(archive_entry_set_pathname) of(archive_entry_set_perm) \
  of(archive_entry_set_size) of(archive_error_string) of(archive_free) of(archive_read_data) \
  of(archive_read_new) of(archive_read_next_header) of(archive_read_open_filename) \
  of(archive_read_support_filter_gzip) of(archive_read_support_filter_none) \
  of(archive_read_support_format_tar) of(archive_write_add_filter_gzip) \
  of(archive_write_close) of(archive_write_data) of(archive_write_header) \
  of(archive_write_new) of(archive_write_open_memory) \
  of(archive_write_set_bytes_in_last_block) of(archive_write_set_filter_option) \
  of(archive_write_set_format_ustar)
// clang-format on

/// Its functions, under their own names.
struct LibArchive {
  PGPM_LIBARCHIVE_FUNCTIONS(PGPM_LIBRARY_MEMBER)
};

/// Loads the library at the first call and keeps it. Safe to call from any thread. Throws
/// Error(other) if the system has none.
const LibArchive& libarchive();

}  // namespace pgpm
