// `pgpm dump`: pg_dump with the connection this program uses, into a file that is whole or not
// there.
#include <fmt/format.h>
#include <unistd.h>

#include <ctime>

#include "cli/commands/commands.h"
#include "cli/connection_options.h"
#include "cli/process.h"
#include "cli/render/json_values.h"
#include "cli/run_options.h"
#include "cli/search_path_line.h"
#include "pgpm/client_program.h"
#include "pgpm/local_server.h"

namespace pgpm::cli {

namespace {

std::string pg_dump_program(const Environment& environment) {
  if (environment.has("PGPM_PG_DUMP")) return environment.get("PGPM_PG_DUMP");
  // As for psql: the server's own is the right version, and Debian's is a script that picks one.
  if (const auto bin = find_server_binaries(); bin && std::filesystem::exists(*bin / "pg_dump"))
    return (*bin / "pg_dump").string();
  return "pg_dump";
}

/// pgpm-dump-DATABASE-20260131-120000.sql, with nothing in it that a file name cannot hold.
std::string default_name(std::string database, const Environment& environment) {
  for (char& c : database)
    if (c == '/' || c == '\0') c = '_';
  std::time_t now = std::time(nullptr);
  const std::string frozen = environment.get("PGPM_FROZEN_TIME");
  std::tm parts{};
  if (frozen.empty() || ::strptime(frozen.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr)
    ::gmtime_r(&now, &parts);
  char stamp[32];
  std::strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &parts);
  return fmt::format("pgpm-dump-{}-{}.sql", database, stamp);
}

/// Beside where the dump shall be; taken away unless it gets there.
class Draft {
 public:
  explicit Draft(std::filesystem::path wanted)
      : wanted_(std::move(wanted)),
        path_(wanted_.string() + fmt::format(".{}.tmp", ::getpid())),
        output_(path_) {}
  ~Draft() {
    std::error_code error;
    if (!kept_) std::filesystem::remove(path_, error);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  Output& output() { return output_; }
  void keep() {
    std::filesystem::rename(path_, wanted_);
    kept_ = true;
  }

 private:
  std::filesystem::path wanted_, path_;
  FileOutput output_;
  bool kept_ = false;
};

/// Runs pg_dump; what it complains of it says itself, on stderr.
void write_dump(Invocation& invocation, const Target& target,
                const std::vector<std::string>& schemas, Output& out) {
  SearchPathLine line(schemas, out);
  const std::vector<std::string> words{pg_dump_program(invocation.environment), "--format=plain",
                                       "--no-owner", "--no-privileges"};
  const int status = run_program(words, client_variables(target),
                                 [&](std::string_view piece) { line.take(piece); });
  if (invocation.stop.stop_requested()) throw Error(ErrorCode::interrupted, "interrupted");
  if (status != 0)
    throw Error(ErrorCode::other, fmt::format("pg_dump ended with status {}", status))
        .leaving("nothing was written")
        .hint("A server newer than pg_dump needs a newer one: PGPM_PG_DUMP names the program.");
  if (!line.finish())
    throw Error(ErrorCode::other, "pg_dump wrote no line that empties the search_path")
        .leaving("nothing was written")
        .hint("That is how this command tells a dump from something else. Which pg_dump is it?");
}

std::string database_of(const Target& target, const Environment& environment) {
  for (const auto& [name, value] : client_variables(target))
    if (name == "PGDATABASE") return value.reveal();
  return environment.get("PGDATABASE");
}

int run_dump(Invocation& invocation) {
  if (const auto out = invocation.arguments.given("out"); out && out->empty())
    throw Error(ErrorCode::usage, "--out is empty");
  const Target target = target_of(invocation);
  const std::vector<std::string> schemas = extension_schemas(target, invocation.stop);
  const std::string out = invocation.arguments.value("out");
  if (out == "-") {
    write_dump(invocation, target, schemas, invocation.out);
    return 0;
  }
  std::string database = database_of(target, invocation.environment);
  if (database.empty()) database = "database";
  const std::filesystem::path file =
      invocation.dir / (out.empty() ? default_name(database, invocation.environment) : out);
  if (!std::filesystem::is_directory(file.parent_path()))
    throw Error(ErrorCode::usage,
                fmt::format("--out {}: there is no such directory", printable(out)));
  Draft draft(file);
  write_dump(invocation, target, schemas, draft.output());
  draft.keep();
  Answer answer;
  answer.text = fmt::format("Dumped {} into {}.\n", printable(database),
                            std::filesystem::proximate(file).generic_string());
  answer.document = dump_document(Json{{"database", database}, {"file", file.generic_string()}});
  invocation.reports.answer(answer);
  return 0;
}

}  // namespace

Command dump_command() {
  Command command;
  command.group = "Server";
  command.summary = "write a database as one SQL script, by pg_dump";
  command.description =
      "Runs pg_dump (--format=plain --no-owner --no-privileges) on the database that the options "
      "mean. The file appears when it is complete. The line that empties the search_path names the "
      "schemas of extensions instead, so that functions which find an extension's objects by it "
      "work while the script is restored.\n\n"
      "PGPM_PG_DUMP names the program if it is not the server's own.";
  command.options =
      with_connection({{"out", 'o', OptionKind::value, "FILE",
                        "where to (default: pgpm-dump-DATABASE-TIME.sql); - is stdout"}});
  command.examples = {{"pgpm dump -d shop", "into a file with the time in its name"},
                      {"pgpm dump -d shop -o - | psql -d copy", "from one database into another"}};
  command.run = run_dump;
  return command;
}

}  // namespace pgpm::cli
