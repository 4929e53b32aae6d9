#include <fmt/format.h>

#include <utility>

#include "cli/commands/commands.h"
#include "cli/duration.h"
#include "cli/exit_code.h"
#include "cli/objects_project.h"
#include "cli/render/failure.h"
#include "cli/render/objects.h"

namespace pgpm::cli {

namespace {

/// A file that is broken while somebody edits it is no reason to stop watching.
void apply_once(Invocation& invocation, const Target& target, const ObjectOptions& options) {
  const Style& style = invocation.terminal.out;
  try {
    const ObjectReport report = apply_objects(
        target, options, invocation.stop,
        [&](const ObjectStep& step) { invocation.out.write(show_object_step(step, style)); });
    if (!report.nothing_to_do())
      invocation.out.write(fmt::format("Applied in {}.\n", show_duration(report.duration.count())));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted) throw;
    invocation.err.write(
        show_failure(Failure::of(error, invocation.command.name), invocation.terminal.err));
  }
}

int run_objects_watch(Invocation& invocation) {
  const Target target = object_target_of(invocation);
  ObjectOptions options = object_options_of(invocation);
  if (options.files.code_dir.empty())
    throw Error(ErrorCode::usage, "which files? --code-dir is not given")
        .hint("Name it, or write code_dir into pgmg.toml.");
  // Migrations are run by apply, when somebody means it.
  options.files.migrations_dir.clear();
  const auto given = invocation.arguments.given("debounce");
  const auto quiet = given ? duration_option("debounce", *given) : std::chrono::milliseconds(50);
  bool is_first = true;
  const auto changed = [&] {
    apply_once(invocation, target, options);
    if (std::exchange(is_first, false))
      invocation.out.write(
          fmt::format("Watching {}. Ctrl-C ends it.\n", printable(options.files.code_dir)));
  };
  watch_files(options.files.code_dir, quiet, changed, invocation.stop);
  return exit_status(ErrorCode::interrupted);
}

}  // namespace

Command objects_watch_command() {
  Command command;
  command.group = "Objects";
  command.summary = "apply declared objects whenever their files are saved";
  command.description =
      "Applies what is pending in the code directory, then again after every change of a file in "
      "it, each time in one transaction. A file that is broken is shown and changes nothing; the "
      "next save is tried again. Migrations are left to `pgpm objects apply`.";
  command.options = with_object_apply({
      {"debounce", 0, OptionKind::value, "TIME",
       "wait until no file changed for this long (default 50ms)"},
  });
  command.examples = {
      {"pgpm objects watch --code-dir sql -d shop_dev", "while you edit"},
      {"pgpm objects watch --debounce 500ms", "for editors that write slowly; from pgmg.toml"},
  };
  command.run = run_objects_watch;
  return command;
}

}  // namespace pgpm::cli
