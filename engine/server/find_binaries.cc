#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <system_error>

#include "pgpm/local_server.h"

namespace pgpm {

namespace fs = std::filesystem;

namespace {

bool has_server(const fs::path& dir) {
  return !dir.empty() && access((dir / "initdb").c_str(), X_OK) == 0 &&
         access((dir / "postgres").c_str(), X_OK) == 0;
}

std::optional<fs::path> on_path() {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const fs::path dir(rest.substr(0, end));
    if (dir.is_absolute() && has_server(dir)) return dir;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

struct PipeCloser {
  void operator()(FILE* file) const noexcept { pclose(file); }
};

std::optional<fs::path> by_pg_config() {
  const std::unique_ptr<FILE, PipeCloser> out(popen("pg_config --bindir 2>/dev/null", "re"));
  std::array<char, 4096> line{};
  if (!out || std::fgets(line.data(), static_cast<int>(line.size()), out.get()) == nullptr)
    return std::nullopt;
  std::string_view text(line.data());
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (!has_server(fs::path(text))) return std::nullopt;
  return fs::path(text);
}

// Debian's layout; the newest version wins, compared as a number.
std::optional<fs::path> by_version() {
  std::optional<fs::path> best;
  int best_version = 0;
  std::error_code error;
  for (fs::directory_iterator at("/usr/lib/postgresql", error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    int version = 0;
    std::from_chars(name.data(), name.data() + name.size(), version);
    if (version <= best_version || !has_server(at->path() / "bin")) continue;
    best_version = version;
    best = at->path() / "bin";
  }
  return best;
}

}  // namespace

std::optional<fs::path> find_server_binaries() {
  if (auto dir = on_path()) return dir;
  if (auto dir = by_pg_config()) return dir;
  return by_version();
}

}  // namespace pgpm
