#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <list>

#include "cli/commands/commands.h"
#include "cli/module_choice.h"
#include "cli/run_options.h"
#include "cli/testing_server.h"
#include "pgpm/package_test.h"

namespace pgpm::cli {

namespace {

constexpr std::size_t most_jobs = 64;

std::size_t jobs_of(const Arguments& arguments) {
  const std::string text = arguments.value("jobs");
  if (text.empty()) return 1;
  std::size_t jobs = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), jobs);
  if (error != std::errc() || end != text.data() + text.size() || jobs < 1 || jobs > most_jobs)
    throw Error(ErrorCode::usage,
                fmt::format("--jobs {} is no number from 1 to {}", text, most_jobs));
  return jobs;
}

/// "a,b" and repeated options alike.
std::vector<std::string> list_of(const std::vector<std::string>& values) {
  std::vector<std::string> names;
  for (const std::string& value : values)
    for (std::size_t from = 0; from <= value.size();) {
      const std::size_t end = std::min(value.find(',', from), value.size());
      if (end > from) names.push_back(value.substr(from, end - from));
      from = end + 1;
    }
  return names;
}

PackageTestOptions options_from(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  PackageTestOptions options;
  read_run_options(invocation, options);
  options.exclude = list_of(arguments.values("exclude"));
  options.full_cycle = arguments.is_on("full-cycle");
  options.continue_on_fail = arguments.is_on("continue-on-fail");
  options.keep_failed = arguments.is_on("keep-failed");
  options.sql_tests = !arguments.is_off("sql-tests");
  if (arguments.is_on("force-all")) options.selection = Selection::all;
  return options;
}

/// One ephemeral server for each worker, because roles belong to a whole server; of a server that
/// was named, the same one for all.
int run_test_packages(Invocation& invocation) {
  const Workspace workspace = load_workspace_of(invocation);
  PackageTestOptions options = options_from(invocation);
  ModuleRequest request;
  request.at_root = ModuleRequest::AtRoot::all;
  options.modules = modules_of(invocation, workspace, request);
  const std::size_t jobs = std::min(
      jobs_of(invocation.arguments),
      covering_set(workspace, options.modules, options.exclude, options.selection).selected.size());
  std::list<TestingServer> servers;
  std::vector<Target> targets;
  servers.emplace_back(invocation);
  targets.push_back(servers.back().target());
  for (std::size_t job = 1; job < jobs; ++job) {
    if (servers.front().is_ephemeral()) servers.emplace_back(invocation);
    targets.push_back(servers.back().target());
  }
  if (servers.front().is_ephemeral()) {
    if (options.keep_failed)
      throw Error(ErrorCode::usage, "--keep-failed needs a server that stays")
          .hint("Add --local, or name a server.");
    options.cluster = ClusterObjects::include;
  }
  test_packages(workspace, targets, options, invocation.reports, invocation.stop);
  return 0;
}

std::vector<Option> own_options() {
  return {
      set_option(),
      {"full-cycle",
       0,
       OptionKind::flag,
       "",
       "also verify, revert and deploy again, and compare the catalogs",
       {"fullCycle"}},
      {"continue-on-fail",
       0,
       OptionKind::flag,
       "",
       "go on with the other modules after a failure",
       {"continueOnFail"}},
      {"force-all",
       0,
       OptionKind::flag,
       "",
       "test every module by itself, also those that others require",
       {"forceAll"}},
      {"exclude", 0, OptionKind::many_values, "MODULE", "leave modules out (a,b or repeated)"},
      {"jobs", 'j', OptionKind::value, "N", "test so many modules side by side (default 1)"},
      {"keep-failed",
       0,
       OptionKind::flag,
       "",
       "leave the database of a failed module behind",
       {"keepFailed"}},
      {"sql-tests", 0, OptionKind::flag_on, "", "do not run the modules' SQL tests"},
      {"strict", 0, OptionKind::flag, "", "warnings about scripts and tests are failures"},
      {"statement-timeout",
       0,
       OptionKind::value,
       "TIME",
       "the server's limit for one statement",
       {"statementTimeout"}},
  };
}

}  // namespace

Command test_packages_command() {
  Command command;
  command.group = "Tests";
  command.summary = "prove in scratch databases that modules deploy, revert and deploy again";
  command.description =
      "Deploys each module, with all it requires, into an empty scratch database, runs its SQL "
      "tests "
      "there, and drops the database. With --full-cycle it also verifies, reverts everything it "
      "deployed, and deploys again; the catalog after the revert must equal the one before, and "
      "the "
      "one after the second deploy that after the first. Every object that differs is named, with "
      "the script to blame. Rows of tables are not compared.\n\n"
      "A module that another one requires is exercised in that one's cycle, so only the others get "
      "a "
      "cycle of their own (--force-all tests each). In a module the default is that module; at a "
      "workspace's root, all.\n\n"
      "Without a server to connect to, it uses private ones that are thrown away afterwards, one "
      "for "
      "each job; they have the standard roles of admin-users bootstrap. Roles are compared there, "
      "too; on a server that is named others may change them meanwhile. Scratch databases that a "
      "killed run left behind are dropped by the next one; no other database is ever dropped.\n\n"
      "The exit status is that of the first failed check: 13 if a script failed, 17 if "
      "verification "
      "or a test did, 20 if a catalog differs.";
  command.positionals = {{"MODULE", Positional::Count::any,
                          "modules; default: the one of the working directory, or all"}};
  command.options = with_testing_server(with_verdict_options(with_modules(own_options())));
  command.examples = {
      {"pgpm test-packages --full-cycle", "the module of the working directory"},
      {"pgpm test-packages --full-cycle --workspace --all --jobs 2 --report junit=report.xml",
       "all modules, two at a time, with a report for CI"},
      {"pgpm test-packages --full-cycle my-module --local --keep-failed",
       "leave the database of a failure behind, to look at it"},
  };
  command.run = run_test_packages;
  return command;
}

}  // namespace pgpm::cli
