// proof_mutations [--reduced]: is a revert script that does too little always found out? Scripts of
// three statements are generated for every kind of object and run, with one statement of the revert
// left out or weakened, each in a transaction that is rolled back. A mutation counts as found only
// if the comparison of the snapshots names the object it was about. Ends with 1 if more than one in
// a hundred survives, or if an unmutated script is blamed.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "engine/catalog/snapshot.h"
#include "engine/sql/quote.h"
#include "tests/proof/steps.h"
#include "tests/support/test_database.h"

namespace pgpm::tests {
namespace {

constexpr std::size_t statements_per_script = 3;
constexpr std::size_t least_mutations = 500;
constexpr std::size_t least_mutations_reduced = 60;

struct Names {
  std::string schema, table, added;
};

const Names all_names[] = {{"app", "item", "x"},
                           {"Odd Schema", "It\"em", "Na.me"},
                           {"select", "table", "user"},
                           {"a_rather_long_name_of_a_schema_in_use", "$t_1", "_9"},
                           {"it's", "a,b", "(x)"}};

/// A step with its names filled in.
struct Step {
  std::string named, deploy, revert, weak;
};

struct Score {
  std::size_t scripts = 0, mutations = 0, found = 0, false_alarms = 0;
};

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

using Quote = std::function<std::string(const std::string&)>;

std::string filled(std::string text, const Names& names, std::size_t number, const Quote& quote) {
  replace_all(text, "{s}", quote(names.schema));
  replace_all(text, "{t}", quote(names.table));
  replace_all(text, "{x}", quote(names.added + std::to_string(number)));
  return text;
}

/// For statements: quoted as everywhere else in pgpm.
std::string statement(std::string text, const Names& names, std::size_t number,
                      const TestDatabase& database) {
  replace_all(text, "{db}", sql::quote_identifier(database.name()));
  return filled(std::move(text), names, number, sql::quote_identifier);
}

/// For what a snapshot calls an object: quoted by the server, only where it must be.
std::string identity(std::string text, const Names& names, std::size_t number,
                     TestDatabase& database) {
  const Quote quote = [&](const std::string& name) {
    return database.query_text(fmt::format("SELECT quote_ident({})", sql::quote_literal(name)));
  };
  replace_all(text, "{user}", quote(database.connection().user()));
  return filled(std::move(text), names, number, quote);
}

std::vector<Step> steps_for(const Names& names, TestDatabase& database) {
  const int major = database.connection().server_version() / 10000;
  std::vector<Step> steps;
  for (const auto& each : {relation_steps(), routine_steps(), other_steps()})
    for (const ProofStep& step : each) {
      if (major < step.since) continue;
      const std::size_t number = steps.size();
      steps.push_back({identity(step.named, names, number, database),
                       statement(step.deploy, names, number, database),
                       statement(step.revert, names, number, database),
                       statement(step.weak, names, number, database)});
    }
  return steps;
}

CatalogSnapshot snapshot_of(TestDatabase& database) {
  return catalog::take_snapshot(database.connection(), {ClusterObjects::include, {}});
}

/// What the scripts leave behind: `instead` stands in the revert where step `changed` had its own.
std::vector<std::string> left_behind(TestDatabase& database, const CatalogSnapshot& before,
                                     const std::vector<Step>& script, std::size_t changed,
                                     const std::string& instead) {
  database.exec("BEGIN");
  try {
    for (const Step& step : script) database.exec(step.deploy);
    for (std::size_t i = script.size(); i-- > 0;) {
      const std::string& revert = i == changed ? instead : script[i].revert;
      if (!revert.empty()) database.exec(revert);
    }
    std::vector<std::string> names;
    for (const ObjectDifference& each : difference(before, snapshot_of(database)))
      names.push_back(each.kind + " " + each.identity);
    database.exec("ROLLBACK");
    return names;
  } catch (const Error& error) {
    database.exec("ROLLBACK");
    return {fmt::format("(the scripts could not be run: {})", error.what())};
  }
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += "\n    " + name;
  return text.empty() ? " nothing" : text;
}

void mutate(TestDatabase& database, const CatalogSnapshot& before, const std::vector<Step>& script,
            std::size_t changed, const std::string& instead, Score& score) {
  const auto names = left_behind(database, before, script, changed, instead);
  ++score.mutations;
  if (std::ranges::find(names, script[changed].named) != names.end()) {
    ++score.found;
    return;
  }
  std::printf("survivor: %s\n  deploy: %s\n  revert: %s\n  instead: %s\n  blamed:%s\n",
              script[changed].named.c_str(), script[changed].deploy.c_str(),
              script[changed].revert.c_str(), instead.c_str(), joined(names).c_str());
}

void run_script(TestDatabase& database, const CatalogSnapshot& before,
                const std::vector<Step>& script, Score& score) {
  ++score.scripts;
  const auto blamed = left_behind(database, before, script, script.size(), "");
  if (!blamed.empty()) {
    ++score.false_alarms;
    std::printf("false alarm: %s ...:%s\n", script[0].deploy.c_str(), joined(blamed).c_str());
  }
  for (std::size_t i = 0; i < script.size(); ++i) {
    mutate(database, before, script, i, "", score);
    if (!script[i].weak.empty()) mutate(database, before, script, i, script[i].weak, score);
  }
}

void run_all(const Names& names, Score& score) {
  TestDatabase database;
  database.exec("SET client_min_messages = error");
  database.exec(statement(proof_setting, names, 0, database));
  const CatalogSnapshot before = snapshot_of(database);
  const std::vector<Step> steps = steps_for(names, database);
  // Steps far apart are about different objects: no revert makes up for what another left out.
  const std::size_t scripts = (steps.size() + statements_per_script - 1) / statements_per_script;
  for (std::size_t first = 0; first < scripts; ++first) {
    std::vector<Step> script;
    for (std::size_t i = first; i < steps.size(); i += scripts) script.push_back(steps[i]);
    run_script(database, before, script, score);
  }
}

int verdict(const Score& score, std::size_t least) {
  const std::size_t survivors = score.mutations - score.found;
  std::printf("%zu scripts, %zu mutations: %zu found, %zu survived; %zu false alarms\n",
              score.scripts, score.mutations, score.found, survivors, score.false_alarms);
  if (score.mutations < least) std::printf("too few mutations: at least %zu are wanted\n", least);
  const bool holds =
      score.mutations >= least && survivors * 100 <= score.mutations && score.false_alarms == 0;
  return holds ? 0 : 1;
}

}  // namespace
}  // namespace pgpm::tests

int main(int argc, char** argv) {
  using namespace pgpm::tests;
  const bool reduced = argc == 2 && std::strcmp(argv[1], "--reduced") == 0;
  if (argc > 1 && !reduced) {
    std::fprintf(stderr, "usage: proof_mutations [--reduced]\n");
    return 2;
  }
  try {
    Score score;
    for (const Names& names : all_names) {
      run_all(names, score);
      if (reduced) break;
    }
    return verdict(score, reduced ? least_mutations_reduced : least_mutations);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "proof_mutations: %s\n", error.what());
    return 1;
  }
}
