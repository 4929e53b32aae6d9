// published_mutations WORKSPACE LISTS: what proof_mutations asks about generated scripts, asked
// about the revert scripts of a real workspace, by `prove` itself. In round N the Nth statement of
// every revert script is left out, and each change's verdict must be "not restored", naming an
// object that the statement names; if the server refuses what is left of the script, its words
// must. The folder LISTS has published_defects.txt, the changes whose scripts, as they are, do not
// restore what they found: any other that is blamed unmutated is a false alarm; and
// published_no_effect.txt, the statements that leave nothing behind when they are left out. Ends
// with 1 on a false alarm, if a list is not true any more, or if more than one mutation in a
// hundred survives.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "engine/sql/script.h"
#include "pgpm/proof.h"
#include "pgpm/roles.h"
#include "tests/support/recording_observer.h"
#include "tests/support/temp_workspace.h"
#include "tests/support/test_server.h"

namespace pgpm::tests {
namespace {

namespace fs = std::filesystem;
using Verdicts = std::map<std::string, CheckFinished>;

/// A revert script and what can be left out of it.
struct RevertScript {
  std::string change;  // module:change
  fs::path file;
  std::string text;
  std::vector<sql::Statement> statements;

  std::string statement(std::size_t number) const {
    const sql::Statement& each = statements[number];
    return text.substr(each.begin, each.end - each.begin);
  }
  /// The lines stay, so that places in findings are those of the author's file.
  std::string without(std::size_t number) const {
    std::string mutated = text;
    const sql::Statement& each = statements[number];
    // The semicolon may stay: alone it is no statement.
    std::replace_if(
        mutated.begin() + static_cast<std::ptrdiff_t>(each.begin),
        mutated.begin() + static_cast<std::ptrdiff_t>(each.end), [](char c) { return c != '\n'; },
        ' ');
    return mutated;
  }
};

struct Score {
  std::size_t mutations = 0, found = 0, refused = 0, without_effect = 0, survived = 0;
};

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

std::set<std::string> read_list(const fs::path& file) {
  std::set<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line.front() != '#') lines.insert(line);
  return lines;
}

std::vector<RevertScript> revert_scripts(const Workspace& workspace,
                                         const std::set<std::string>& left_out) {
  std::vector<RevertScript> scripts;
  for (const Module& module : workspace.modules)
    for (const Change& change : module.plan.changes) {
      const std::string name = module.package + ":" + change.script_name;
      const fs::path file = module.script_path(Module::ScriptKind::revert, change.script_name);
      if (left_out.contains(name) || !fs::exists(file)) continue;
      RevertScript script{name, file, read_file(file), {}};
      const auto parsed = sql::Script::parse(file.string(), script.text);
      script.statements.assign(parsed->statements().begin(), parsed->statements().end());
      scripts.push_back(std::move(script));
    }
  return scripts;
}

Verdicts prove_all(const fs::path& root) {
  RecordingObserver observer;
  ProveOptions options;
  options.cluster = ClusterObjects::include;
  try {
    prove(load_workspace(root), test_server(), options, observer, {});
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the verdicts tell
  }
  Verdicts verdicts;
  for (const auto& check : observer.all<CheckFinished>())
    verdicts[check.module + ":" + check.name] = check;
  return verdicts;
}

/// app.users gives users; "by_name on app.users" gives by_name; of a routine, what is before its
/// arguments.
std::string own_name(std::string identity) {
  identity = identity.substr(0, identity.find('('));
  identity = identity.substr(0, identity.find(" on "));
  identity = identity.substr(identity.rfind('.') + 1);
  std::erase(identity, '"');
  return identity;
}

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

bool names_an_object(const CheckFinished& verdict, const std::string& statement) {
  return std::ranges::any_of(verdict.differences, [&](const ObjectDifference& each) {
    return statement.find(own_name(each.identity)) != std::string::npos;
  });
}

/// "cannot drop function ...: trigger touch on table app.t depends on it", of DROP TRIGGER touch.
bool names_what_is_dropped(const ServerMessage& message, const std::string& statement) {
  const auto words = split_words(statement);
  return std::any_of(words.begin() + 1, words.end(), [&](const std::string& word) {
    const bool lower = std::ranges::any_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
    return lower && message.detail.find(word) != std::string::npos;
  });
}

enum class Fate { found, refused, survived };

Fate fate_of(const CheckFinished& verdict, const std::string& statement) {
  if (verdict.verdict != Verdict::failed) return Fate::survived;
  if (verdict.code == ErrorCode::sql && names_what_is_dropped(verdict.server, statement))
    return Fate::refused;
  return verdict.code == ErrorCode::proof_failed && names_an_object(verdict, statement)
             ? Fate::found
             : Fate::survived;
}

/// `no_effect` loses the statements that were seen to have none.
void judge(const RevertScript& script, std::size_t number, const Verdicts& verdicts,
           std::set<std::string>& no_effect, Score& score) {
  const auto found = verdicts.find(script.change);
  const CheckFinished verdict = found == verdicts.end() ? CheckFinished{} : found->second;
  const std::string statement = script.statement(number);
  ++score.mutations;
  switch (fate_of(verdict, statement)) {
    case Fate::found:
      ++score.found;
      return;
    case Fate::refused:
      ++score.refused;
      return;
    case Fate::survived:
      break;
  }
  if (verdict.verdict == Verdict::passed && no_effect.erase(script.change + ": " + statement) > 0) {
    ++score.without_effect;
    return;
  }
  ++score.survived;
  std::printf("survivor: %s: %s\n  %s\n", script.change.c_str(), statement.c_str(),
              verdict.message.c_str());
}

/// Round by round: all scripts lose a statement at once, each is judged by its own verdict.
void mutate(const fs::path& root, const std::vector<RevertScript>& scripts,
            std::set<std::string>& no_effect, Score& score) {
  std::size_t rounds = 0;
  for (const RevertScript& script : scripts) rounds = std::max(rounds, script.statements.size());
  for (std::size_t number = 0; number < rounds; ++number) {
    for (const RevertScript& script : scripts)
      write_file(script.file,
                 number < script.statements.size() ? script.without(number) : script.text);
    const Verdicts verdicts = prove_all(root);
    for (const RevertScript& script : scripts)
      if (number < script.statements.size()) judge(script, number, verdicts, no_effect, score);
  }
}

std::size_t false_alarms(const Verdicts& verdicts, const std::set<std::string>& defects) {
  std::size_t count = 0;
  for (const auto& [change, verdict] : verdicts) {
    const bool blamed = verdict.verdict != Verdict::passed;
    if (blamed == defects.contains(change)) continue;
    ++count;
    std::printf("%s: %s %s\n", blamed ? "false alarm" : "listed as a defect, but proven",
                change.c_str(), verdict.message.c_str());
  }
  return count;
}

int run(const fs::path& workspace, const fs::path& lists) {
  const std::set<std::string> defects = read_list(lists / "published_defects.txt");
  std::set<std::string> no_effect = read_list(lists / "published_no_effect.txt");
  const TempWorkspace copy;
  fs::copy(workspace, copy.root(), fs::copy_options::recursive);
  bootstrap_roles(test_server(), RoleNames{}, ClientRole::create, {});
  const Verdicts unmutated = prove_all(copy.root());
  const std::size_t alarms = false_alarms(unmutated, defects);
  const auto scripts = revert_scripts(load_workspace(copy.root()), defects);
  Score score;
  mutate(copy.root(), scripts, no_effect, score);
  for (const std::string& each : no_effect)
    std::printf("listed as without effect, but found: %s\n", each.c_str());
  std::printf(
      "%zu changes, %zu with a known defect, %zu false alarms; %zu mutations: %zu found, %zu "
      "refused "
      "by the server, %zu without effect, %zu survived\n",
      unmutated.size(), defects.size(), alarms, score.mutations, score.found, score.refused,
      score.without_effect, score.survived);
  const bool holds = alarms == 0 && no_effect.empty() && score.mutations > 0 &&
                     score.survived * 100 <= score.mutations;
  return holds ? 0 : 1;
}

}  // namespace
}  // namespace pgpm::tests

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: published_mutations WORKSPACE LISTS\n");
    return 2;
  }
  try {
    return pgpm::tests::run(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "published_mutations: %s\n", error.what());
    return 1;
  }
}
