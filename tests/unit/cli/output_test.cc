#include "cli/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include <catch2/catch.hpp>

#include "pgpm/error.h"

namespace pgpm::cli {
namespace {

/// The writing end of a pipe nobody reads.
class BrokenPipe {
 public:
  BrokenPipe() {
    ::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    ::close(ends[0]);
    end_ = ends[1];
  }
  ~BrokenPipe() { ::close(end_); }
  int get() const { return end_; }

 private:
  int end_ = -1;
};

TEST_CASE("output that must be written throws when it cannot be") {
  const BrokenPipe pipe;
  DescriptorOutput output(pipe.get(), "standard output", DescriptorOutput::OnFailure::raise);
  try {
    output.write("x");
    FAIL("written");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::other);
    CHECK(std::string(error.what()) == "cannot write to standard output: Broken pipe");
  }
  // Showing the failure must not fail again.
  CHECK_NOTHROW(output.write("y"));
}

TEST_CASE("progress that cannot be shown is no failure") {
  const BrokenPipe pipe;
  DescriptorOutput output(pipe.get(), "standard error", DescriptorOutput::OnFailure::ignore);
  CHECK_NOTHROW(output.write("x"));
}

TEST_CASE("a full disk is an error") {
  const int full = ::open("/dev/full", O_WRONLY);
  REQUIRE(full >= 0);
  DescriptorOutput output(full, "standard output", DescriptorOutput::OnFailure::raise);
  CHECK_THROWS_WITH(output.write("x"), "cannot write to standard output: No space left on device");
  ::close(full);
}

TEST_CASE("a file that cannot be created is named") {
  CHECK_THROWS_WITH(FileOutput("/nonexistent/report.json"),
                    Catch::Contains("cannot write /nonexistent/report.json"));
}

}  // namespace
}  // namespace pgpm::cli
