#include "pgpm/session.h"
#include "cli/commands/commands.h"
#include "cli/run_options.h"
#include "cli/session_options.h"
#include "cli/session_target.h"

namespace pgpm::cli {

namespace {

int run_session_test(Invocation& invocation) {
  SessionTestOptions options;
  options.pattern = invocation.arguments.value("pattern");
  options.fail_fast = invocation.arguments.is_on("fail-fast");
  const SessionRequest request = session_request(invocation, options);
  read_session_options(invocation, request.settings, options);
  options.early = request.early;
  test_session(request.project, session_target(invocation, request.settings), options,
               invocation.reports, invocation.stop);
  return 0;
}

}  // namespace

Command session_test_command() {
  Command command;
  command.group = "Session projects";
  command.summary = "run the tests of a project without deploying it";
  command.description =
      "Runs the tests below __test__ directories against a database that the project is deployed "
      "in, in a session that has the project's views and in one transaction that is rolled back. "
      "Unlike CALL pgmi_test() in deploy.sql it goes on behind a failure.\n\n"
      "Exit status 17 if a test failed, 10 if there are none.";
  command.positionals = {{"PATH", Positional::Count::optional,
                          "the project's folder; default: the working directory"}};
  command.options = with_session_connection(with_verdict_options(with_session_parameters({
      {"pattern", 0, OptionKind::value, "REGEX",
       "only tests whose path (./__test__/test_a.sql) matches this regular expression"},
      {"fail-fast", 0, OptionKind::flag, "", "skip what is left after a failure"},
  })));
  command.examples = {
      {"pgpm session test ./shop -d shop", "all tests of the project"},
      {"pgpm session test ./shop -d shop --pattern /auth/ --format tap", "some, as TAP"},
  };
  command.run = run_session_test;
  return command;
}

}  // namespace pgpm::cli
