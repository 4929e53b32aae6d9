// Every renderer against what it showed when somebody last looked at it and was content.
#include <functional>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/render/github.h"
#include "cli/render/json.h"
#include "cli/render/jsonl.h"
#include "cli/render/junit.h"
#include "cli/render/reports.h"
#include "cli/render/tap.h"
#include "cli/render/text.h"
#include "cli/render/worklist.h"
#include "tests/support/golden.h"
#include "tests/support/source_dir.h"
#include "tests/unit/cli/example_run.h"

namespace pgpm::cli {
namespace {

using tests::syntax_error;

void check_golden(const std::string& name, const std::string& actual) {
  CHECK(tests::golden_difference(tests::source_path("tests/unit/cli/golden/" + name + ".txt"),
                                 actual) == "");
}

std::string still_time() {
  return "2026-01-02T03:04:05.678Z";
}

Terminal no_terminal() {
  Terminal terminal;
  terminal.out.width = terminal.err.width = 100;
  return terminal;
}

Terminal coloured_terminal() {
  Terminal terminal = no_terminal();
  terminal.shows_progress = true;
  terminal.out.colour = terminal.err.colour = true;
  return terminal;
}

/// What a renderer of a run leaves on both streams.
struct Shown {
  StringOutput out, err;
  std::string both() const { return "--- stdout\n" + out.text + "--- stderr\n" + err.text; }
};

enum class Ending { success, failure };

void play(Renderer& renderer, const std::vector<Event>& events, Ending ending) {
  for (const Event& event : events) renderer.on_event(event);
  if (ending == Ending::success)
    renderer.finish(0);
  else
    renderer.fail(syntax_error(), 13);
}

std::string text_of(const std::vector<Event>& events, Ending ending, const std::string& command,
                    Verbosity verbosity = Verbosity::normal,
                    const Terminal& terminal = no_terminal()) {
  Shown shown;
  {
    TextRenderer renderer(shown.out, shown.err, terminal, verbosity, command);
    play(renderer, events, ending);
  }
  return shown.both();
}

TEST_CASE("text, away from a terminal: a line per change, the summary on stdout") {
  check_golden("text_deploy",
               text_of(tests::deploy_that_goes_through(), Ending::success, "deploy"));
  check_golden("text_deploy_failed",
               text_of(tests::deploy_that_fails(), Ending::failure, "deploy"));
  check_golden("text_revert", text_of(tests::revert_of_one(), Ending::success, "revert"));
  check_golden("text_nothing", text_of(tests::deploy_of_nothing(), Ending::success, "deploy"));
}

TEST_CASE("text, verbose and quiet") {
  check_golden("text_deploy_verbose", text_of(tests::deploy_that_goes_through(), Ending::success,
                                              "deploy", Verbosity::verbose));
  CHECK(text_of(tests::deploy_that_goes_through(), Ending::success, "deploy", Verbosity::quiet) ==
        "--- stdout\n--- stderr\n");
  const std::string failed =
      text_of(tests::deploy_that_fails(), Ending::failure, "deploy", Verbosity::quiet);
  CHECK(failed.find("--- stderr\nerror: relation") != std::string::npos);
}

TEST_CASE("a failed verification is shown when it happens, and once") {
  Shown shown;
  TextRenderer renderer(shown.out, shown.err, no_terminal(), Verbosity::normal, "verify");
  for (const Event& event : tests::verify_that_fails()) renderer.on_event(event);
  renderer.fail(
      Error(ErrorCode::verification_failed, "1 of 3 changes failed verification: app:tables/users"),
      17);
  check_golden("text_verify_failed", shown.both());
}

TEST_CASE(
    "a verification that fails under deploy is the run's error, with the script's own message") {
  Shown shown;
  TextRenderer renderer(shown.out, shown.err, no_terminal(), Verbosity::normal, "deploy");
  for (const Event& event : tests::verify_that_fails()) renderer.on_event(event);
  CHECK(shown.err.text.find("nickname") == std::string::npos);
  renderer.fail(Error(ErrorCode::verification_failed, "change tables/users of app does not verify"),
                17);
  CHECK(shown.err.text.find("packages/app/verify/tables/users.sql:3:8") != std::string::npos);
  CHECK(shown.err.text.find("ERROR: column \"nickname\" does not exist") != std::string::npos);
}

/// What a terminal shows in the end: carriage returns go back, ESC[K erases.
std::string screen_of(const std::string& written) {
  std::string screen, line;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written.compare(i, 4, "\r\x1b[K") == 0) {
      line.clear();
      i += 3;
    } else if (written[i] == '\r') {
      line.clear();
    } else if (written[i] == '\n') {
      screen += line + "\n";
      line.clear();
    } else {
      line += written[i];
    }
  }
  return screen + line;
}

TEST_CASE("on a terminal the progress line is gone at the end, and one line per module stays") {
  Shown shown;
  {
    TextRenderer renderer(shown.out, shown.err, coloured_terminal(), Verbosity::normal, "deploy");
    play(renderer, tests::deploy_that_goes_through(), Ending::success);
  }
  CHECK(shown.err.text.find("[1/3]") != std::string::npos);
  const std::string screen = screen_of(shown.err.text);
  CHECK(screen.find("/3]") == std::string::npos);
  CHECK(screen.find("\x1b[?7l") == std::string::npos);
  check_golden("text_terminal", screen);
}

TEST_CASE("json: one document") {
  Shown shown;
  JsonRenderer renderer(shown.out, "deploy");
  SECTION("of a run that went through") {
    play(renderer, tests::deploy_that_goes_through(), Ending::success);
    check_golden("json_deploy", shown.out.text);
  }
  SECTION("of a run that failed") {
    play(renderer, tests::deploy_that_fails(), Ending::failure);
    check_golden("json_deploy_failed", shown.out.text);
  }
  SECTION("of a command that failed before it ran anything") {
    renderer.fail(Error(ErrorCode::connection, "no route to postgres://u:geheim@h/x"), 11);
    const auto document = nlohmann::json::parse(shown.out.text);
    CHECK(document["outcome"] == "failed");
    CHECK(document["exit_code"] == 11);
    CHECK(document["error"]["code"] == "connection");
    CHECK(shown.out.text.find("geheim") == std::string::npos);
  }
  SECTION("of an answer, and no second one") {
    Answer answer;
    answer.document = "{}\n";
    renderer.answer(answer);
    renderer.finish(0);
    CHECK(shown.out.text == "{}\n");
  }
}

TEST_CASE("json survives text that is no UTF-8") {
  Shown shown;
  JsonRenderer renderer(shown.out, "deploy");
  renderer.fail(Error(ErrorCode::sql, "caf\xe9"), 13);
  CHECK(nlohmann::json::parse(shown.out.text)["error"]["message"] == "caf\ufffd");
}

TEST_CASE("jsonl: every event on a line of its own") {
  Shown shown;
  JsonLinesRenderer renderer(shown.out, "deploy", still_time);
  SECTION("going through") {
    play(renderer, tests::deploy_that_goes_through(), Ending::success);
    check_golden("jsonl_deploy", shown.out.text);
  }
  SECTION("failing") {
    play(renderer, tests::deploy_that_fails(), Ending::failure);
    check_golden("jsonl_deploy_failed", shown.out.text);
  }
}

TEST_CASE("the event member is event_name()") {
  for (const Event& event : tests::deploy_that_goes_through())
    CHECK(to_json(event, "now")["event"] == event_name(event));
}

TEST_CASE("github: annotations with what would end them escaped") {
  Shown shown;
  GithubRenderer renderer(shown.out, "check");
  Answer answer;
  answer.diagnostics = {{Severity::error, SourceLocation{"a,b:c.plan", 3, 7}, "100% wrong\nindeed",
                         "x", "Write it right."},
                        {Severity::warning, SourceLocation{"deploy/a.sql", 0, 0}, "odd", "", ""}};
  renderer.answer(answer);
  renderer.fail(syntax_error(), 13);
  check_golden("github", shown.out.text);
}

/// A run of checks, and the error that only sums it up.
void play_cycle(Renderer& renderer) {
  for (const Event& event : tests::cycle_that_fails()) renderer.on_event(event);
  renderer.fail(Error(ErrorCode::proof_failed, "2 of 2 modules failed: app, shop"), 20);
}

/// A verification of three changes, one of which fails.
void play_verify(Renderer& renderer) {
  for (const Event& event : tests::verify_that_fails()) renderer.on_event(event);
  renderer.fail(Error(ErrorCode::verification_failed, "1 of 3 changes failed verification"), 17);
}

TEST_CASE("github: failed checks are annotated where their findings are, and not summed up") {
  Shown shown;
  GithubRenderer renderer(shown.out, "test-packages");
  play_cycle(renderer);
  check_golden("github_checks", shown.out.text);
}

TEST_CASE("junit: suites are modules, cases are checks or changes") {
  Shown shown;
  SECTION("of checks") {
    JunitRenderer renderer(shown.out, "test-packages", still_time);
    play_cycle(renderer);
    check_golden("junit_checks", shown.out.text);
  }
  SECTION("of changes") {
    JunitRenderer renderer(shown.out, "verify", still_time);
    play_verify(renderer);
    check_golden("junit_verify", shown.out.text);
  }
  SECTION("of a run that failed before anything was tested") {
    JunitRenderer renderer(shown.out, "verify", still_time);
    renderer.fail(Error(ErrorCode::connection, "no route to postgres://u:geheim@h/x"), 11);
    CHECK(shown.out.text.find("failures=\"1\"") != std::string::npos);
    CHECK(shown.out.text.find("geheim") == std::string::npos);
  }
}

namespace {

/// Of two managed objects, and of a change whose script failed.
Error two_drifted() {
  return Error(ErrorCode::verification_failed,
               "Verification failed: 1 change(s): x; 2 managed objects")
      .with({{Severity::error,
              {"shop/objects/a.sql", 0, 0},
              "view a of module shop is not there",
              {},
              "`pgpm deploy` makes it what its file says."},
             {Severity::error,
              {"shop/objects/b.sql", 0, 0},
              "view b of module shop is not as it was when it was applied",
              {},
              {}}});
}

}  // namespace

TEST_CASE("managed objects that drifted are cases of their own in reports of verify") {
  Shown shown;
  SECTION("junit") {
    JunitRenderer renderer(shown.out, "verify", still_time);
    renderer.fail(two_drifted(), 17);
    const std::string& text = shown.out.text;
    CHECK(text.find("name=\"pgpm verify\" tests=\"2\" failures=\"2\"") != std::string::npos);
    CHECK(text.find("<testcase name=\"view a of module shop is not there\" classname=\"managed "
                    "objects\"") != std::string::npos);
    CHECK(text.find("shop/objects/b.sql") != std::string::npos);
  }
  SECTION("tap") {
    TapRenderer renderer(shown.out, "verify");
    renderer.fail(two_drifted(), 17);
    const std::string& text = shown.out.text;
    CHECK(text.find("not ok 1 - managed objects: view a of module shop is not there\n") !=
          std::string::npos);
    CHECK(text.find("not ok 2 - managed objects: view b") != std::string::npos);
    CHECK(text.find("shop/objects/b.sql") != std::string::npos);
    CHECK(text.ends_with("1..2\n"));
  }
}

TEST_CASE("tap: a line for each check or change, with a block for what failed") {
  Shown shown;
  SECTION("of checks") {
    TapRenderer renderer(shown.out, "test-packages");
    play_cycle(renderer);
    check_golden("tap_checks", shown.out.text);
  }
  SECTION("of changes") {
    TapRenderer renderer(shown.out, "verify");
    play_verify(renderer);
    check_golden("tap_verify", shown.out.text);
  }
  SECTION("of a run that failed before anything was tested") {
    TapRenderer renderer(shown.out, "verify");
    renderer.fail(Error(ErrorCode::connection, "no route to postgres://u:geheim@h/x"), 11);
    CHECK(shown.out.text.find("not ok 1") != std::string::npos);
    CHECK(shown.out.text.find("geheim") == std::string::npos);
  }
}

TEST_CASE("reports: a failure is told in words on stderr even if stdout is for a program") {
  Shown shown;
  ReportRequest request;
  request.format = "json";
  request.command = "deploy";
  const Terminal terminal = no_terminal();
  Reports reports(request, shown.out, shown.err, terminal);
  reports.fail(Error(ErrorCode::refused, "stands in the way"), 19);
  CHECK(nlohmann::json::parse(shown.out.text)["exit_code"] == 19);
  CHECK(shown.err.text.rfind("error: stands in the way", 0) == 0);
}

TEST_CASE("reports: a request without a file is a usage error") {
  Shown shown;
  ReportRequest request;
  request.files = {"json"};
  const Terminal terminal = no_terminal();
  CHECK_THROWS_WITH(Reports(request, shown.out, shown.err, terminal),
                    "--report json names no file");
}

Worklist example_worklist(std::size_t changes) {
  Worklist worklist;
  worklist.command = "deploy";
  worklist.database = "shop";
  worklist.create_database = true;
  ModuleSteps module;
  module.module = "app";
  module.extensions = {"citext"};
  for (std::size_t i = 1; i <= changes; ++i) {
    Step step;
    step.module = "app";
    step.change = "change" + std::to_string(i);
    step.reason = i == 1 ? "required by shop" : "pending";
    if (i == 2) step.tags = {"v1.0.0"};
    if (i == 3) step.transactional = false;
    module.steps.push_back(step);
  }
  worklist.modules.push_back(module);
  return worklist;
}

TEST_CASE("a worklist names every change when reasons are wanted, and is cut before a question") {
  const Style style{false, 100};
  check_golden("worklist", show_worklist(example_worklist(4), style, Reasons::show));
  const std::string cut = show_worklist(example_worklist(100), style, Reasons::hide);
  CHECK(cut.find("change10\n") != std::string::npos);
  CHECK(cut.find("change11\n") == std::string::npos);
  CHECK(cut.find("... 80 more ...") != std::string::npos);
  CHECK(cut.find("change91\n") != std::string::npos);
  CHECK(cut.find("change100\n") != std::string::npos);
  CHECK(show_worklist(example_worklist(100), style, Reasons::show).find("change50\n") !=
        std::string::npos);
}

}  // namespace
}  // namespace pgpm::cli
