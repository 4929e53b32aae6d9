#include "cli/commands/commands.h"
#include "cli/help.h"
#include "cli/invocation.h"
#include "cli/render/json_values.h"

namespace pgpm::cli {

namespace {
int run_version(Invocation& invocation) {
  Answer answer;
  answer.text = version_text();
  answer.document = dump_document(Json{{"version", PGPM_VERSION}});
  invocation.reports.answer(answer);
  return 0;
}
}  // namespace

Command version_command() {
  Command command;
  command.group = "About";
  command.summary = "print the version";
  command.description = "The same as --version.";
  command.examples = {{"pgpm version", "for people"},
                      {"pgpm version --format json", "for a program"}};
  command.run = run_version;
  return command;
}

}  // namespace pgpm::cli
