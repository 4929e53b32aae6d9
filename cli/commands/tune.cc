// `pgpm tune`: a server for tests may forget what it was told when it crashes, and is faster so.
#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "pgpm/tuning.h"

namespace pgpm::cli {

namespace {

std::string list_of(const std::vector<TunedSetting>& settings) {
  std::string text;
  for (const TunedSetting& setting : settings)
    text += setting.before == setting.after
                ? fmt::format("  = {}  {}\n", setting.name, setting.before)
                : fmt::format("  ~ {}  {} -> {}\n", setting.name, setting.before,
                              setting.after.empty() ? "as configured elsewhere" : setting.after);
  return text;
}

void require_consent(Invocation& invocation, const Target& target, Tuning tuning) {
  if (invocation.arguments.is_on("yes")) return;
  invocation.err.write(list_of(plan_tuning(target, tuning, invocation.stop)));
  const char* question =
      tuning == Tuning::as_before
          ? "Take these settings out of postgresql.auto.conf?"
          : "Set these for the whole server? A crash of its machine may then cost every database.";
  if (!confirm(invocation.err, question, invocation.stop))
    throw Error(ErrorCode::approval, "not approved").leaving("nothing was changed");
}

int run_tune(Invocation& invocation) {
  require_yes_or_terminal(invocation, "changing a server's settings");
  const Tuning tuning =
      invocation.arguments.is_on("reset") ? Tuning::as_before : Tuning::fast_and_forgetful;
  const Target target = target_of(invocation);
  require_consent(invocation, target, tuning);
  const std::vector<TunedSetting> tuned = tune(target, tuning, invocation.stop);
  Answer answer;
  answer.text = list_of(tuned);
  Json settings = Json::array();
  for (const TunedSetting& setting : tuned) {
    settings.push_back(
        Json{{"setting", setting.name}, {"before", setting.before}, {"after", setting.after}});
    answer.lines.push_back(dump_line(settings.back()));
  }
  answer.document = dump_document(Json{{"settings", settings}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command tune_command() {
  Command command;
  command.group = "Server";
  command.summary = "make a server for tests fast and forgetful, or undo that";
  command.description =
      "Sets fsync, synchronous_commit and full_page_writes off, checkpoint_timeout to 30min and "
      "max_wal_size to 8GB by ALTER SYSTEM, for all databases of the server, and has it read its "
      "files again. Never do this to a server whose data matter: after a crash of the machine they "
      "may be gone.\n\n--reset takes the settings out again. It shows what changes and asks first; "
      "without a terminal it needs --yes.";
  command.options =
      with_connection({{"reset", 0, OptionKind::flag, "", "take the settings out again"}});
  command.examples = {{"pgpm tune --local", "your private server, after asking"},
                      {"pgpm tune --host ci-db --reset --yes", "back to what was configured"}};
  command.run = run_tune;
  return command;
}

}  // namespace pgpm::cli
