#include "cli/commands/commands.h"
#include "cli/objects_project.h"
#include "cli/render/objects.h"

namespace pgpm::cli {

namespace {

int run_objects_apply(Invocation& invocation) {
  bool has_begun = false;
  const auto tell = [&](const ObjectStep& step) {
    if (invocation.arguments.is_on("quiet")) return;
    if (!has_begun) invocation.err.write("Executing changes:\n");
    has_begun = true;
    invocation.err.write(show_object_step(step, invocation.terminal.err));
  };
  const ObjectReport report = apply_objects(object_target_of(invocation),
                                            object_options_of(invocation), invocation.stop, tell);
  Answer answer;
  answer.text = show_object_result(report, invocation.terminal.out);
  answer.document = dump_document(to_json(report));
  answer.diagnostics = report.warnings;
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command objects_apply_command() {
  Command command;
  command.group = "Objects";
  command.summary = "run migrations, and make the objects that files declare";
  command.description =
      "Runs the migrations that did not run yet, in order of their names, and brings declared "
      "objects to what their files say. All of it is one transaction: it happens as a whole, or "
      "not at all.\n\n"
      "An object is replaced in place where the server allows. Where it has to be dropped (a "
      "migration changes a column it reads, its columns are others now), exactly what needs it "
      "goes along, never by CASCADE, and everything comes back with its owner, rights, comments, "
      "labels, indexes and triggers; also objects that no file declares, or the run is refused "
      "(--unmanaged refuse).\n\n"
      "Removing a declaration removes the object, unless others need it. A migration that was "
      "edited after it ran is an error (status 18), and so is a file that does not parse or a "
      "statement that cannot run in a transaction (CREATE INDEX CONCURRENTLY, VACUUM): those are "
      "for changes of modules. BEGIN and COMMIT around a whole migration are passed over.";
  command.options = with_object_apply({});
  command.examples = {
      {"pgpm objects apply --migrations-dir migrations --code-dir sql -d shop",
       "bring the database shop up to date"},
      {"pgpm objects apply --code-dir sql -d shop --on-drift error",
       "only objects, and not over what somebody else changed"},
  };
  command.run = run_objects_apply;
  return command;
}

}  // namespace pgpm::cli
