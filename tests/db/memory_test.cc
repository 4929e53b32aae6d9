// A big script is in memory once: what is sent of it is cut into messages as it goes. The peak is
// the kernel's own count, which can be set back.
#include <catch2/catch.hpp>
#include <fstream>
#include <optional>
#include <string>

#include "tests/support/fixtures.h"
#include "tests/support/workshop.h"

namespace pgpm::tests {
namespace {

constexpr std::size_t megabyte = 1U << 20U;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool counts_are_ours = false;  // a sanitizer keeps what was freed
#else
constexpr bool counts_are_ours = true;
#endif

/// In megabytes, "VmHWM" or "VmRSS".
std::size_t memory(const std::string& what) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(what + ":")) return std::stoul(line.substr(what.size() + 1)) / 1024;
  return 0;
}

/// False where the kernel does not let us.
bool forget_peak() {
  std::ofstream file("/proc/self/clear_refs");
  file << "5" << std::flush;
  return file.good() && memory("VmHWM") <= memory("VmRSS") + 1;
}

/// Statements and COPY data, half of the size each.
void write_big_script(const std::filesystem::path& path, std::size_t size) {
  std::ofstream file(path, std::ios::binary);
  file << "CREATE TABLE big (text text);\n";
  const std::string row(9900, 'x');
  for (std::size_t at = 0; at < size / 2; at += row.size())
    file << "INSERT INTO big VALUES ('" << row << "');\n";
  file << "COPY big FROM STDIN;\n";
  for (std::size_t at = 0; at < size / 2; at += row.size()) file << row << '\n';
  file << "\\.\n";
}

}  // namespace

TEST_CASE("a big script is not in memory twice") {
  if (!counts_are_ours || !forget_peak()) {
    WARN("skipped: the peak of this process cannot be measured");
    return;
  }
  constexpr std::size_t size = 64 * megabyte;
  Workshop shop;
  shop.add_module("m", {{"big", "SELECT 1;", "DROP TABLE big;", "SELECT FROM big;"}});
  write_big_script(shop.files.path("packages/m/deploy/big.sql"), size);
  const std::size_t before = memory("VmRSS");
  REQUIRE(forget_peak());
  CHECK(shop.deploy().done == 1);
  CHECK(memory("VmHWM") - before <= size / megabyte + 32);
  CHECK(shop.query("SELECT count(*) > 6000 FROM big") == "t");

  // Deployed: only its hash is wanted.
  REQUIRE(forget_peak());
  const std::size_t between = memory("VmRSS");
  CHECK(shop.deploy().done == 0);
  CHECK(memory("VmHWM") - between <= size / megabyte + 32);
}

}  // namespace pgpm::tests
