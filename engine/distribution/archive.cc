#include "engine/distribution/archive.h"

#include <fmt/format.h>

#include <memory>

#include "engine/distribution/libarchive.h"
#include "engine/text/file.h"
#include "pgpm/error.h"

namespace pgpm {
namespace {

struct Closer {
  void operator()(::archive* archive) const { libarchive().archive_free(archive); }
  void operator()(::archive_entry* entry) const { libarchive().archive_entry_free(entry); }
};
using Archive = std::unique_ptr<::archive, Closer>;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw Error(ErrorCode::configuration, fmt::format("{}: {}", shown_path(file), why));
}

void check(int result, ::archive* archive, const std::filesystem::path& file) {
  if (result == ARCHIVE_OK || result == ARCHIVE_WARN) return;
  const char* why = libarchive().archive_error_string(archive);
  refuse(file, why == nullptr ? "is no archive" : why);
}

Archive open(const std::filesystem::path& file) {
  Archive archive(libarchive().archive_read_new());
  libarchive().archive_read_support_filter_gzip(archive.get());
  libarchive().archive_read_support_filter_none(archive.get());
  libarchive().archive_read_support_format_tar(archive.get());
  check(libarchive().archive_read_open_filename(archive.get(), file.c_str(), 65536), archive.get(),
        file);
  return archive;
}

ArchiveEntry::Kind kind_of(::archive_entry* entry) {
  // A hard link has the type of what it points at.
  if (libarchive().archive_entry_hardlink(entry) != nullptr) return ArchiveEntry::Kind::other;
  if (libarchive().archive_entry_filetype(entry) == AE_IFREG) return ArchiveEntry::Kind::file;
  return libarchive().archive_entry_filetype(entry) == AE_IFDIR ? ArchiveEntry::Kind::directory
                                                                : ArchiveEntry::Kind::other;
}

std::string read_bytes(::archive* archive, const std::filesystem::path& file, std::size_t limit) {
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const la_ssize_t got = libarchive().archive_read_data(archive, buffer, sizeof buffer);
    if (got < 0) check(static_cast<int>(got), archive, file);
    if (got <= 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(got));
    if (bytes.size() > limit)
      refuse(file, fmt::format("holds a file of more than {} bytes", limit));
  }
}

}  // namespace

void read_archive(const std::filesystem::path& file, const ArchiveLimits& limits,
                  const std::function<void(ArchiveEntry&&)>& take) {
  const Archive archive = open(file);
  std::size_t entries = 0, bytes = 0;
  for (;;) {
    ::archive_entry* entry = nullptr;
    const int result = libarchive().archive_read_next_header(archive.get(), &entry);
    if (result == ARCHIVE_EOF) return;
    check(result, archive.get(), file);
    if (++entries > limits.entries)
      refuse(file, fmt::format("holds more than {} entries", limits.entries));
    const char* path = libarchive().archive_entry_pathname(entry);
    ArchiveEntry found;
    found.path = path == nullptr ? "" : path;
    found.kind = kind_of(entry);
    if (found.kind == ArchiveEntry::Kind::other)
      refuse(file, fmt::format("{} is neither a file nor a directory", found.path));
    if (found.kind == ArchiveEntry::Kind::file)
      found.bytes = read_bytes(archive.get(), file, limits.file_bytes);
    bytes += found.bytes.size();
    if (bytes > limits.all_bytes)
      refuse(file, fmt::format("holds more than {} bytes", limits.all_bytes));
    take(std::move(found));
  }
}

void write_archive(const std::filesystem::path& file, const std::string& name,
                   const std::string& bytes) {
  std::string out(bytes.size() + (std::size_t{1} << 16), '\0');
  std::size_t used = 0;
  {
    const Archive archive(libarchive().archive_write_new());
    libarchive().archive_write_set_format_ustar(archive.get());
    libarchive().archive_write_add_filter_gzip(archive.get());
    check(libarchive().archive_write_set_filter_option(archive.get(), "gzip", "compression-level",
                                                       "9"),
          archive.get(), file);
    check(libarchive().archive_write_set_filter_option(archive.get(), "gzip", "timestamp", nullptr),
          archive.get(), file);
    libarchive().archive_write_set_bytes_in_last_block(archive.get(), 1);
    check(libarchive().archive_write_open_memory(archive.get(), out.data(), out.size(), &used),
          archive.get(), file);
    const std::unique_ptr<::archive_entry, Closer> entry(libarchive().archive_entry_new());
    libarchive().archive_entry_set_pathname(entry.get(), name.c_str());
    libarchive().archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
    libarchive().archive_entry_set_filetype(entry.get(), AE_IFREG);
    libarchive().archive_entry_set_perm(entry.get(), 0644);
    libarchive().archive_entry_set_mtime(entry.get(), 0, 0);
    check(libarchive().archive_write_header(archive.get(), entry.get()), archive.get(), file);
    if (libarchive().archive_write_data(archive.get(), bytes.data(), bytes.size()) < 0)
      check(ARCHIVE_FATAL, archive.get(), file);
    check(libarchive().archive_write_close(archive.get()), archive.get(), file);
  }
  replace_file(file, std::string_view(out).substr(0, used));
}

}  // namespace pgpm
