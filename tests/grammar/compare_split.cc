// Our splitter against PostgreSQL's own grammar over files that others wrote: the regression SQL of
// PostgreSQL, with psql commands, COPY data, and errors made on purpose. Where the grammar refuses
// a whole file, it is asked statement by statement.
//
//   compare_split [--at-least STATEMENTS] FILE-OR-FOLDER...    exit 1 if anything differs
//
// What must hold: no statement of ours is two of the grammar's; none that the grammar refuses
// becomes one when the next is joined to it (a statement cut in two); and any run of statements
// that parse splits the same as a text of its own.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/statements.h"
#include "engine/text/file.h"
#include "tests/grammar/pg_grammar.h"

namespace pgpm::tests {
namespace {

namespace fs = std::filesystem;

struct Tally {
  std::size_t files = 0, statements = 0, parsed = 0, differences = 0;
};

/// Blanks from `begin` up to `end`, keeping every line.
void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

/// A psql command in the middle of a statement ends it (\gset, \g) as a semicolon does; the rest of
/// its line is no SQL.
std::string without_psql_commands(std::string text) {
  sql::StatementReader reader(text);
  while (reader.next()) continue;
  for (const sql::Finding& finding : reader.findings()) {
    if (finding.kind != sql::Finding::Kind::psql_command &&
        finding.kind != sql::Finding::Kind::psql_guard)
      continue;
    blank(text, finding.begin, finding.end);
    text[finding.begin] = ';';
  }
  return text;
}

class FileComparison {
 public:
  FileComparison(std::string file, std::string text, Tally& tally)
      : file_(std::move(file)), text_(std::move(text)), tally_(tally) {}

  void run() {
    ++tally_.files;
    read_statements();
    for (std::size_t i = 0; i < statements_.size(); ++i) look_at(i);
    end_run();
  }

 private:
  void read_statements() {
    sql::StatementReader reader(text_);
    while (const auto statement = reader.next()) statements_.push_back(*statement);
  }

  std::string text(std::size_t first, std::size_t last) const {
    const std::size_t begin = statements_[first].begin;
    return text_.substr(begin, statements_[last].end - begin);
  }

  void look_at(std::size_t i) {
    ++tally_.statements;
    const auto parts = split_by_grammar(text(i, i));
    if (parts) {
      ++tally_.parsed;
      if (parts->size() != 1) differ(i, fmt::format("is {} statements", parts->size()));
      if (run_length_++ == 0) run_begin_ = i;
      if (statements_[i].kind == sql::Statement::Kind::copy_in) end_run();  // data is behind it
      return;
    }
    end_run();
    if (i + 1 == statements_.size() || has_data(i)) return;
    const auto joined = split_by_grammar(text(i, i + 1));
    if (joined && joined->size() == 1) differ(i, "is one with the next");
  }

  bool has_data(std::size_t i) const {
    return statements_[i].kind == sql::Statement::Kind::copy_in;
  }

  /// The statements that parsed in a row, as one text.
  void end_run() {
    if (run_length_ == 0) return;
    const std::string run = text(run_begin_, run_begin_ + run_length_ - 1);
    if (const std::string difference = split_difference(run); !difference.empty()) {
      differ(run_begin_, difference);
    }
    run_length_ = 0;
  }

  void differ(std::size_t statement, const std::string& what) {
    ++tally_.differences;
    const std::size_t begin = statements_[statement].begin;
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<long>(begin), '\n');
    fmt::print("{}:{}: {}\n{}\n", file_, line, what, text(statement, statement).substr(0, 400));
  }

  std::string file_, text_;
  Tally& tally_;
  std::vector<sql::Statement> statements_;
  std::size_t run_begin_ = 0, run_length_ = 0;
};

std::vector<fs::path> sql_files(const fs::path& place) {
  if (fs::is_regular_file(place)) return {place};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(place)) {
    if (entry.is_regular_file() && entry.path().extension() == ".sql")
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

int compare(const std::vector<std::string>& places, std::size_t at_least) {
  Tally tally;
  for (const std::string& place : places) {
    for (const fs::path& file : sql_files(place)) {
      FileComparison(file.string(), without_psql_commands(read_file(file).value_or("")), tally)
          .run();
    }
  }
  fmt::print("{} files, {} statements, {} known to the grammar, {} differences\n", tally.files,
             tally.statements, tally.parsed, tally.differences);
  if (tally.parsed < at_least) fmt::print("fewer than {} were compared\n", at_least);
  return tally.differences == 0 && tally.parsed >= at_least ? 0 : 1;
}

}  // namespace
}  // namespace pgpm::tests

int main(int argc, char** argv) {
  std::vector<std::string> places(argv + 1, argv + argc);
  std::size_t at_least = 1;
  if (places.size() >= 2 && places.front() == "--at-least") {
    at_least = std::stoul(places[1]);
    places.erase(places.begin(), places.begin() + 2);
  }
  return pgpm::tests::compare(places, at_least);
}
