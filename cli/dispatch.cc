#include "cli/dispatch.h"

#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/invocation.h"
#include "cli/render/failure.h"
#include "cli/render/reports.h"
#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

/// The two streams of the process.
struct Streams {
  DescriptorOutput out{STDOUT_FILENO, "standard output", DescriptorOutput::OnFailure::raise};
  DescriptorOutput err{STDERR_FILENO, "standard error", DescriptorOutput::OnFailure::ignore};
};

ColourChoice colour_choice(const std::string& text) {
  if (text == "always") return ColourChoice::always;
  return text == "never" ? ColourChoice::never : ColourChoice::automatic;
}

/// --color must count even if the rest of the line cannot be parsed: the error is coloured by it.
ColourChoice colour_choice(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].rfind("--color=", 0) == 0) return colour_choice(words[i].substr(8));
    if (words[i] == "--color" && i + 1 < words.size()) return colour_choice(words[i + 1]);
  }
  return ColourChoice::automatic;
}

ReportRequest report_request(const Command& command, const Arguments& arguments) {
  ReportRequest request;
  request.command = command.name;
  if (arguments.given("format")) request.format = arguments.value("format");
  request.files = arguments.values("report");
  if (arguments.is_on("verbose")) request.verbosity = Verbosity::verbose;
  if (arguments.is_on("quiet")) request.verbosity = Verbosity::quiet;
  return request;
}

std::filesystem::path directory(const Arguments& arguments) {
  const std::filesystem::path dir = arguments.given("cwd")
                                        ? std::filesystem::path(arguments.value("cwd"))
                                        : std::filesystem::current_path();
  std::error_code problem;
  if (!std::filesystem::is_directory(dir, problem))
    throw Error(ErrorCode::usage, fmt::format("--cwd {}: there is no such directory",
                                              redact(arguments.value("cwd"))));
  return std::filesystem::absolute(dir).lexically_normal();
}

int fail(Renderer& reports, const Error& error) {
  const int status = exit_status(error.code());
  reports.fail(error, status);
  return status;
}

/// `pgpm log | head`: whoever read has enough, which is no failure worth words unless a database
/// was at work.
bool is_enough(const Streams& streams, const Error& error) {
  return streams.out.reader_left() && error.database_state().empty();
}

int run(Invocation& invocation, Renderer& reports, const Streams& streams) {
  try {
    const int status = invocation.command.run(invocation);
    reports.finish(status);
    return status;
  } catch (const Error& error) {
    return is_enough(streams, error) ? exit_status(error.code()) : fail(reports, error);
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(reports, Error(ErrorCode::other, error.what()));
  }
}

int run_command(const Command& command, const std::vector<std::string>& rest,
                const std::vector<std::string>& words, Streams& streams, const Terminal& terminal,
                std::stop_token stop) {
  const Environment environment;
  const Arguments arguments = parse_arguments(command, rest);
  Reports reports(report_request(command, arguments), streams.out, streams.err, terminal);
  Invocation invocation{command,
                        arguments,
                        environment,
                        terminal,
                        streams.out,
                        streams.err,
                        reports,
                        stop,
                        directory(arguments),
                        command_line_without_secrets(words)};
  return run(invocation, reports, streams);
}

/// What a command line says behind them is nobody's business: it is kept in the ledger.
bool may_hold_secret(const std::string& option) {
  return option == "--dsn" || option == "--connection" || option == "--param" ||
         option == "--set" || option == "--password-command";
}

}  // namespace

std::string command_line_without_secrets(const std::vector<std::string>& words) {
  std::string line = "pgpm";
  for (std::size_t i = 0; i < words.size(); ++i) {
    line += ' ';
    const std::string option = words[i].substr(0, words[i].find('='));
    if (!may_hold_secret(option)) {
      line += redact(words[i]);
    } else if (option.size() < words[i].size()) {
      line += option + "=***";
    } else {
      line += option + (i + 1 < words.size() ? " ***" : "");
      ++i;
    }
  }
  return line;
}

int dispatch(const std::vector<std::string>& words, std::stop_token stop) {
  Streams streams;
  const Terminal terminal = look_at_terminal(Environment(), colour_choice(words));
  std::string name;
  try {
    const CommandLine line = find_command_line(words);
    if (line.command == nullptr || asks_for_help(words)) {
      const bool wants_version = line.group.empty() && line.command == nullptr &&
                                 std::any_of(words.begin(), words.end(), [](const auto& w) {
                                   return w == "--version" || w == "-V";
                                 });
      streams.out.write(wants_version ? version_text() : help_for(line, terminal.out));
      return 0;
    }
    name = line.command->name;
    return run_command(*line.command, line.words, words, streams, terminal, stop);
  } catch (const Error& error) {
    if (!is_enough(streams, error))
      streams.err.write(show_failure(Failure::of(error, name), terminal.err));
    return exit_status(error.code());
  }
}

}  // namespace pgpm::cli
