#include "cli/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "pgpm/error.h"

namespace pgpm::cli {

namespace {
std::string system_text(int error_number) {
  return std::error_code(error_number, std::generic_category()).message();
}

int open_for_writing(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0)
    throw Error(ErrorCode::other,
                fmt::format("cannot write {}: {}", path.generic_string(), system_text(errno)));
  return descriptor;
}
}  // namespace

void DescriptorOutput::write(std::string_view text) {
  while (!text.empty() && !is_broken_) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EINTR) continue;
    is_broken_ = true;
    reader_left_ = errno == EPIPE;
    if (on_failure_ == OnFailure::raise)
      throw Error(ErrorCode::other,
                  fmt::format("cannot write to {}: {}", name_, system_text(errno)));
  }
}

FileOutput::FileOutput(const std::filesystem::path& path)
    : descriptor_(open_for_writing(path)),
      output_(descriptor_, path.generic_string(), DescriptorOutput::OnFailure::raise) {}

FileOutput::~FileOutput() {
  ::close(descriptor_);
}

}  // namespace pgpm::cli
