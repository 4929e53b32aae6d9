#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/run_options.h"
#include "cli/snapshot_file.h"
#include "cli/snapshot_options.h"
#include "engine/text/file.h"

namespace pgpm::cli {

namespace {

std::string headline(const CatalogSnapshot& snapshot, const Style& style) {
  return fmt::format("Database {}, PostgreSQL {}: {}\n", style.bold(printable(snapshot.database)),
                     snapshot.server_version / 10000, count(snapshot.objects.size(), "object"));
}

std::string object_text(const CatalogObject& object, bool with_facts, const Style& style) {
  std::string text =
      fmt::format("  {} {}\n", printable(object.kind), style.bold(printable(object.identity)));
  if (!with_facts) return text;
  for (const CatalogFact& fact : object.facts)
    text += fmt::format("      {}: {}\n", printable(fact.name), printable(fact.value));
  return text;
}

Answer listing(const Invocation& invocation, const KeptSnapshot& kept) {
  const Style& style = invocation.terminal.out;
  Answer answer;
  answer.text = headline(kept.snapshot, style);
  for (const CatalogObject& object : kept.snapshot.objects) {
    answer.text += object_text(object, invocation.arguments.is_on("verbose"), style);
    answer.lines.push_back(dump_line(to_json(object)));
  }
  answer.document = dump_document(to_json(kept));
  return answer;
}

Answer written(const KeptSnapshot& kept, const std::string& file) {
  Answer answer;
  answer.text =
      fmt::format("Wrote {} of database {} to {}.\n", count(kept.snapshot.objects.size(), "object"),
                  printable(kept.snapshot.database), printable(file));
  answer.document = dump_document(Json{{"database", kept.snapshot.database},
                                       {"objects", kept.snapshot.objects.size()},
                                       {"digest", kept.snapshot.digest},
                                       {"file", file}});
  return answer;
}

int run_snapshot(Invocation& invocation) {
  const SnapshotOptions options = snapshot_options_of(invocation.arguments);
  const KeptSnapshot kept{
      without_secrets(take_snapshot(target_of(invocation), options, invocation.stop)), options};
  const std::string file = invocation.arguments.value("output");
  if (!file.empty()) replace_file(invocation.dir / file, dump_document(to_json(kept)));
  invocation.reports.answer(file.empty() ? listing(invocation, kept) : written(kept, file));
  return 0;
}

}  // namespace

Command snapshot_command() {
  Command command;
  command.group = "Tests";
  command.summary = "show or keep what a database contains";
  command.description =
      "Lists everything a script can change in a database but rows: tables with their columns, "
      "constraints and indexes, functions, types, rights, owners, comments and so on. What belongs "
      "to an extension is not listed, only the extension; pgpm's own ledger is left out. With -v "
      "also what is known about each object.\n\n"
      "With --output it is written to a file, always as JSON, for pgpm diff to compare with later. "
      "It is the same for the same catalog, whatever the order in which things were made, and "
      "holds no passwords. The database is only read.";
  command.options = with_connection(with_snapshot_options({
      {"output", 'o', OptionKind::value, "FILE", "write the snapshot to this file, as JSON"},
  }));
  command.examples = {
      {"pgpm snapshot -d shop", "what is in the database shop"},
      {"pgpm snapshot -d shop -o shop.json", "kept in a file, to compare with later"},
      {"pgpm snapshot -d shop --cluster --exclude-schema tap --format jsonl",
       "one line an object, with the server's roles, without the schema tap"},
  };
  command.run = run_snapshot;
  return command;
}

}  // namespace pgpm::cli
