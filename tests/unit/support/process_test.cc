#include "tests/support/process.h"

#include <signal.h>

#include <catch2/catch.hpp>

namespace pgpm::tests {
namespace {

ProcessOptions shell(const std::string& command) {
  ProcessOptions options;
  options.command = {"/bin/sh", "-c", command};
  return options;
}

}  // namespace

TEST_CASE("a process has its own folder, environment and input") {
  ProcessOptions options = shell("pwd; echo $SET-$HOME; cat; echo oops >&2; exit 7");
  options.dir = "/";
  options.environment = {{"SET", "x"}, {"HOME", std::nullopt}};
  options.input = "typed\n";
  const ProcessResult result = run_process(options);
  CHECK(result.out == "/\nx-\ntyped\n");
  CHECK(result.err == "oops\n");
  CHECK(result.exit_status == 7);
}

TEST_CASE("a process is found in the path") {
  ProcessOptions options;
  options.command = {"true"};
  CHECK(run_process(options).exit_status == 0);
  options.command = {"no-such-program-here"};
  CHECK_THROWS(run_process(options));
}

TEST_CASE("much output and input at once does not block") {
  ProcessOptions options = shell("cat; yes | head -c 1000000 >&2");
  options.input.assign(1000000, 'x');
  const ProcessResult result = run_process(options);
  CHECK(result.out.size() == 1000000);
  CHECK(result.err.size() == 1000000);
}

TEST_CASE("a terminal is a terminal on every stream") {
  ProcessOptions options =
      shell("test -t 0 && test -t 1 && test -t 2 && echo yes; read word; echo got $word");
  options.terminal = true;
  options.input = "this\n";
  const ProcessResult result = run_process(options);
  CHECK(result.exit_status == 0);
  CHECK(result.out.find("yes\r\n") != std::string::npos);
  CHECK(result.out.find("got this\r\n") != std::string::npos);
  CHECK(run_process(shell("test -t 0 || test -t 1 || test -t 2")).exit_status == 1);
}

TEST_CASE("a terminal's input ends as well") {
  ProcessOptions options = shell("read one; read two || echo no second line after $one");
  options.terminal = true;
  options.input = "this\n";
  CHECK(run_process(options).out.find("no second line after this\r\n") != std::string::npos);
}

TEST_CASE("a running process can be watched, typed to and interrupted") {
  ProcessOptions options = shell("echo ready; read word; echo heard $word; exec sleep 1000");
  options.keep_open = true;
  Process process(options);
  CHECK(process.wait_for("ready"));
  process.type("hello\n");
  CHECK(process.wait_for("heard hello"));
  process.send_signal(SIGTERM);
  CHECK(process.wait().exit_status == 128 + SIGTERM);
  CHECK_FALSE(process.wait_for("never said"));
}

TEST_CASE("a daemon that keeps the output open is not waited for") {
  const ProcessResult result = run_process(shell("sleep 20 & echo $!"));
  CHECK(result.exit_status == 0);
  kill(static_cast<pid_t>(std::stoi(result.out)), SIGKILL);
}

TEST_CASE("output that nobody reads ends the writer") {
  ProcessOptions options = shell("while echo x; do :; done 2>/dev/null; exit 5");
  options.closed_output = true;
  CHECK(run_process(options).exit_status != 0);
}

}  // namespace pgpm::tests
