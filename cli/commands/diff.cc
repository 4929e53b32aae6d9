#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/exit_code.h"
#include "cli/render/difference.h"
#include "cli/run_options.h"
#include "cli/snapshot_file.h"
#include "cli/snapshot_options.h"

namespace pgpm::cli {

namespace {

/// One side of the comparison.
struct Side {
  std::string file;  ///< as typed; "" for a database
  Target target;     ///< if it is a database
  KeptSnapshot kept;
};

bool is_connection_string(const std::string& word) {
  return word.starts_with("postgres://") || word.starts_with("postgresql://") ||
         word.find('=') != std::string::npos;
}

bool is_file_name(const std::string& word) {
  return word.find('/') != std::string::npos || word.ends_with(".json");
}

/// What a word means is told by its form alone, never by what happens to be there.
Side side_of(const Invocation& invocation, const std::string& word) {
  Side side;
  if (is_connection_string(word)) {
    side.target.dsn = Secret(word);
    side.target.application = "pgpm diff";
  } else if (is_file_name(word)) {
    side.file = word;
    side.kept = read_snapshot_file(invocation.dir / word);
  } else {
    side.target = target_of(invocation).with_database(word);
  }
  return side;
}

bool covers_equally(const SnapshotOptions& one, const SnapshotOptions& other) {
  return one.cluster == other.cluster && one.exclude_schemas == other.exclude_schemas;
}

[[noreturn]] void refuse_to_compare(const std::string& why) {
  throw Error(ErrorCode::usage, why)
      .hint("Take the snapshots with the same --cluster and --exclude-schema.");
}

/// What a file covers decides how a database is read beside it.
SnapshotOptions covered_by(const Invocation& invocation, const Side& before, const Side& after) {
  const SnapshotOptions asked = snapshot_options_of(invocation.arguments);
  if (before.file.empty() && after.file.empty()) return asked;
  const Side& kept = before.file.empty() ? after : before;
  const SnapshotOptions& covers = kept.kept.covers;
  if (!after.file.empty() && !covers_equally(covers, after.kept.covers))
    refuse_to_compare(fmt::format("{} and {} do not cover the same", before.file, after.file));
  const bool asks = asked.cluster == ClusterObjects::include || !asked.exclude_schemas.empty();
  if (asks && !covers_equally(covers, asked))
    refuse_to_compare(
        fmt::format("{} covers something else than these options ask for", kept.file));
  return covers;
}

/// A file holds no passwords: what is compared with one must not, either.
enum class Secrets { keep, leave_out };

void read(Side& side, const SnapshotOptions& covers, Secrets secrets, std::stop_token stop) {
  if (!side.file.empty()) return;
  side.kept.snapshot = take_snapshot(side.target, covers, std::move(stop));
  if (secrets == Secrets::leave_out)
    side.kept.snapshot = without_secrets(std::move(side.kept.snapshot));
}

Json side_json(const Side& side) {
  Json json{{"database", side.kept.snapshot.database},
            {"server_version", side.kept.snapshot.server_version},
            {"objects", side.kept.snapshot.objects.size()}};
  if (!side.file.empty()) json["file"] = side.file;
  return json;
}

std::string side_name(const Side& side) {
  return side.file.empty() ? "database " + printable(side.kept.snapshot.database)
                           : printable(side.file);
}

std::string text_of(const Side& before, const Side& after,
                    const std::vector<ObjectDifference>& differences, const Style& style) {
  const std::string sides = fmt::format("{} and {}", side_name(before), side_name(after));
  if (differences.empty())
    return fmt::format("No difference between {} ({}).\n", sides,
                       count(after.kept.snapshot.objects.size(), "object"));
  return fmt::format("{} only in {}, {} only in {}, {} differs:\n", style.red("-"),
                     side_name(before), style.green("+"), side_name(after), style.yellow("~")) +
         show_differences(differences, style) +
         fmt::format("{} between {}.\n", count(without_parts(differences).size(), "difference"),
                     sides);
}

Answer answer_of(const Side& before, const Side& after,
                 const std::vector<ObjectDifference>& differences, const Style& style) {
  const Json summary{
      {"before", side_json(before)}, {"after", side_json(after)}, {"equal", differences.empty()}};
  Answer answer;
  answer.text = text_of(before, after, differences, style);
  for (const ObjectDifference& each : differences) answer.lines.push_back(dump_line(to_json(each)));
  answer.lines.push_back(dump_line(summary));
  Json document = summary;
  document["differences"] = to_json(differences);
  answer.document = dump_document(document);
  return answer;
}

void warn_of_versions(const Invocation& invocation, const Side& before, const Side& after) {
  const int one = before.kept.snapshot.server_version / 10000;
  const int other = after.kept.snapshot.server_version / 10000;
  if (one != other)
    invocation.err.write(
        fmt::format("{}: PostgreSQL {} and {} may word the same definition differently\n",
                    invocation.terminal.err.yellow("warning"), one, other));
}

int run_diff(Invocation& invocation) {
  const std::vector<std::string>& words = invocation.arguments.positionals;
  Side before = side_of(invocation, words.at(0));
  Side after = side_of(invocation, words.at(1));
  const SnapshotOptions covers = covered_by(invocation, before, after);
  const Secrets secrets =
      before.file.empty() && after.file.empty() ? Secrets::keep : Secrets::leave_out;
  read(before, covers, secrets, invocation.stop);
  read(after, covers, secrets, invocation.stop);
  warn_of_versions(invocation, before, after);
  const auto differences = difference(before.kept.snapshot, after.kept.snapshot);
  invocation.reports.answer(answer_of(before, after, differences, invocation.terminal.out));
  return differences.empty() ? 0 : exit_status(ErrorCode::proof_failed);
}

}  // namespace

Command diff_command() {
  Command command;
  command.group = "Tests";
  command.summary = "show what differs between two databases or snapshots";
  command.description =
      "Compares two catalogs object by object and says what is only in A, what is only in B, and "
      "what about an object differs. Rows are not compared. Nothing is written.\n\n"
      "Each of the two is a database on the server of the connection options, a connection URI "
      "(or keyword=value text), or a file written by pgpm snapshot -o: a word with a slash or "
      "with .json at its end. A database beside a file is read as the file was, with the same "
      "schemas left out.\n\n"
      "The exit status is 0 if they are equal and 20 if they differ.";
  command.positionals = {
      {"A", Positional::Count::required, "database, connection URI or snapshot file"},
      {"B", Positional::Count::required, "what to compare it with"}};
  command.options = with_connection(with_snapshot_options({}));
  command.examples = {
      {"pgpm diff shop shop_staging", "two databases of one server"},
      {"pgpm diff shop.json shop", "has shop drifted from what was kept?"},
      {"pgpm diff shop postgresql://db.example.com/shop --format json", "for a program"},
  };
  command.run = run_diff;
  return command;
}

}  // namespace pgpm::cli
