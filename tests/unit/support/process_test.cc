#include "tests/support/process.h"

#include <signal.h>

#include <catch2/catch.hpp>

using namespace pgpm::tests;

namespace {

Command shell(const std::string& script) {
  Command command;
  command.arguments = {"sh", "-c", script};
  return command;
}

}  // namespace

TEST_CASE("a program's outputs and status are told apart", "[process]") {
  const Finished finished = run(shell("echo out; echo err >&2; exit 3"));
  CHECK(finished.status == 3);
  CHECK(finished.signal == 0);
  CHECK(finished.out == "out\n");
  CHECK(finished.err == "err\n");
}

TEST_CASE("big input and output cross without a dead lock", "[process]") {
  Command command;
  command.arguments = {"cat"};
  command.input = std::string(1 << 20, 'x');
  const Finished finished = run(command);
  CHECK(finished.status == 0);
  CHECK(finished.out == command.input);
}

TEST_CASE("environment and directory are the command's", "[process]") {
  Command command = shell("echo \"$A|${HOME-none}|$(pwd)\"");
  command.environment = {{"A", "b c"}};
  command.unset = {"HOME"};
  command.directory = "/";
  CHECK(run(command).out == "b c|none|/\n");
}

TEST_CASE("a signal can be sent once the program is where we want it", "[process]") {
  Process process(shell("echo ready; exec sleep 1000"));
  REQUIRE(process.wait_for("ready"));
  process.send_signal(SIGTERM);
  const Finished finished = process.finish();
  CHECK(finished.signal == SIGTERM);
  CHECK(finished.status == -1);
}

TEST_CASE("on a terminal the program sees one, of the size asked for", "[process]") {
  Command command = shell("test -t 0 && test -t 1 && stty size; read line; echo \"got $line\"");
  command.attached = Attached::terminal;
  command.columns = 97;
  Process process(command);
  REQUIRE(process.wait_for("24 97"));
  process.write("yes\n");
  CHECK(process.wait_for("got yes"));
  CHECK(process.finish().status == 0);
}

TEST_CASE("a missing program ends with 127", "[process]") {
  Command command;
  command.arguments = {"/nonexistent/program"};
  CHECK(run(command).status == 127);
}
