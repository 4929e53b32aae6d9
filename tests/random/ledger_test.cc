// Random sequences of deploy, revert and tag over random plans, with scripts that fail, on a real
// server: after each command the ledger and the tables are what a simple model says.
#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "tests/random/ledger_model.h"
#include "tests/support/fixtures.h"
#include "tests/support/workshop.h"

namespace pgpm::tests {
namespace {

/// A command as numbers: whatever the plans are, they stand for something, so that a failing
/// sequence can be made shorter.
struct Command {
  enum class Kind { add_change, add_tag, mend, deploy, revert_last, revert_after, revert_all } kind;
  unsigned module = 0, place = 0, choice = 0;
};

std::ostream& operator<<(std::ostream& out, const Command& command) {
  static const char* const names[] = {"add change",  "add tag",      "mend",      "deploy",
                                      "revert last", "revert after", "revert all"};
  return out << names[static_cast<int>(command.kind)] << " module " << command.module % 3
             << " place " << command.place << " choice " << command.choice;
}

rc::Gen<Command> command() {
  using Kind = Command::Kind;
  const auto kind = rc::gen::weightedElement<Kind>({{8, Kind::add_change},
                                                    {2, Kind::add_tag},
                                                    {1, Kind::mend},
                                                    {8, Kind::deploy},
                                                    {2, Kind::revert_last},
                                                    {2, Kind::revert_after},
                                                    {1, Kind::revert_all}});
  const auto number = rc::gen::inRange<unsigned>(0, 60);
  return rc::gen::build<Command>(
      rc::gen::set(&Command::kind, kind), rc::gen::set(&Command::module, number),
      rc::gen::set(&Command::place, number), rc::gen::set(&Command::choice, number));
}

std::string joined(std::vector<std::string> words, const char* separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

std::string sorted(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  return joined(words, " ");
}

/// Does each command twice: in the model, and with the engine.
class Play {
 public:
  Play() {
    shop_.query("SELECT 1");
    shop_.database.exec("CREATE SCHEMA a; CREATE SCHEMA b; CREATE SCHEMA c");
    write();
  }

  void run(const Command& command) {
    const std::size_t module = command.module % 3;
    const bool cascade = command.choice % 2 == 0;
    const std::string& name = model_.modules[module].name;
    const std::size_t count = model_.modules[module].plan.size();
    switch (command.kind) {
      case Command::Kind::add_change:
        return add_change(module, command);
      case Command::Kind::add_tag:
        return add_tag(module, command);
      case Command::Kind::mend:
        return mend();
      case Command::Kind::deploy:
        return deploy(module, command);
      case Command::Kind::revert_last:
        return revert(revert_last(name), cascade, model_.revert_last(module, cascade));
      case Command::Kind::revert_after:
        if (count == 0) return;
        return revert(revert_to(reference(module, command.place % count, command), name), cascade,
                      model_.revert_after(module, command.place % count, cascade));
      case Command::Kind::revert_all:
        return revert(revert_all(name), cascade, model_.revert_all(module, cascade));
    }
  }

  void check() {
    RC_ASSERT(shop_.deployed() == joined(model_.deployed, " "));
    RC_ASSERT(tables() == sorted(model_.deployed));
    if (!shop_.has_ledger()) return;
    RC_ASSERT(shop_.events() == joined(model_.events, "\n"));
    RC_ASSERT(shop_.query("SELECT string_agg(package || ':' || tag, ' ' ORDER BY (package || ':' "
                          "|| tag) COLLATE \"C\") FROM pgpm_migrate.tags") == sorted(model_.tags));
    RC_ASSERT(shop_.query("SELECT count(*) FROM pgpm_migrate.intents") == "0");
  }

 private:
  void add_change(std::size_t module, const Command& command) {
    ModelModule& own = model_.modules[module];
    ModelChange change;
    change.name = "c" + std::to_string(own.plan.size());
    // Every third change or so requires an earlier one, and one of another module.
    if (!own.plan.empty() && command.place % 3 == 0)
      change.requires_own.push_back(command.place % own.plan.size());
    for (std::size_t other = 0; other < module; ++other) {
      const auto& plan = model_.modules[other].plan;
      if (plan.empty() || (command.choice + other) % 3 != 0) continue;
      change.requires_others.push_back(
          model_.modules[other].qualified(command.place % plan.size()));
    }
    // One broken change at a time: of two, which is told depends on how much the server is sent at
    // once.
    const unsigned luck = is_anything_broken() ? 0 : command.choice % 12;
    if (luck == 7) change.script = Script::fails_running;
    if (luck == 8) change.script = Script::fails_parsing;
    if (luck == 9) change.script = Script::fails_verifying;
    if (luck == 10) change.reverts = false;
    own.plan.push_back(std::move(change));
    write();
  }

  bool is_anything_broken() const {
    for (const ModelModule& module : model_.modules)
      for (const ModelChange& change : module.plan)
        if (change.script != Script::good) return true;
    return false;
  }

  void add_tag(std::size_t module, const Command& command) {
    ModelModule& own = model_.modules[module];
    if (own.plan.empty()) return;
    own.tags.push_back({"t" + std::to_string(own.tags.size()), command.place % own.plan.size()});
    write();
  }

  void mend() {
    for (ModelModule& module : model_.modules) {
      for (ModelChange& change : module.plan) {
        change.script = Script::good;
        change.reverts = true;
      }
    }
    write();
  }

  void deploy(std::size_t module, const Command& command) {
    const std::size_t count = model_.modules[module].plan.size();
    const TransactionScope scopes[] = {TransactionScope::module, TransactionScope::run,
                                       TransactionScope::change};
    DeployOptions options = deploy_of(model_.modules[module].name);
    options.scope = scopes[command.choice % 3];
    std::size_t to = count;
    if (count != 0 && command.place % 2 == 0) {
      to = command.place % count;
      options.to = reference(module, to, command);
    }
    const Ending expected = model_.deploy(module, to, options.scope);
    RC_ASSERT(ending_of([&] { shop_.deploy(options); }) == expected);
  }

  void revert(RevertOptions options, bool cascade, Ending expected) {
    options.cascade = cascade;
    RC_ASSERT(ending_of([&] { shop_.revert(options); }) == expected);
  }

  /// The change by its name, or by a tag it has.
  std::string reference(std::size_t module, std::size_t change, const Command& command) const {
    const ModelModule& own = model_.modules[module];
    for (const ModelTag& tag : own.tags)
      if (tag.change == change && command.choice % 4 < 2) return "@" + tag.name;
    return own.plan[change].name;
  }

  template <class Body>
  static Ending ending_of(const Body& body) {
    try {
      body();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::sql) return Ending::sql_failed;
      if (error.code() == ErrorCode::verification_failed) return Ending::verification_failed;
      if (error.code() == ErrorCode::refused) return Ending::refused;
      throw;
    }
    return Ending::done;
  }

  std::string tables() {
    return shop_.query(
        "SELECT string_agg(name, ' ' ORDER BY name COLLATE \"C\") FROM (SELECT "
        "relnamespace::regnamespace || ':' || relname AS name FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace::regnamespace::text IN ('a', 'b', 'c')) t");
  }

  void write() {
    std::string required;
    for (const ModelModule& module : model_.modules) {
      shop_.add_module(module.name, scripted(module), required);
      required = module.name;
    }
  }

  std::vector<ScriptedChange> scripted(const ModelModule& module) const {
    std::vector<ScriptedChange> lines;
    for (std::size_t i = 0; i < module.plan.size(); ++i) {
      const ModelChange& change = module.plan[i];
      const std::string table = module.name + "." + change.name;
      std::string line = change.name, required;
      for (const std::size_t own : change.requires_own) required += " " + module.plan[own].name;
      for (const std::string& other : change.requires_others) required += " " + other;
      if (!required.empty()) line += " [" + required.substr(1) + "]";
      const char* failing = change.script == Script::fails_running   ? "SELECT 1/0;"
                            : change.script == Script::fails_parsing ? "SELEC 1;"
                                                                     : "";
      const char* verify = change.script == Script::fails_verifying ? "SELECT 1/0;" : "";
      lines.push_back({line, "CREATE TABLE " + table + " ();" + failing,
                       std::string(change.reverts ? "" : "SELECT 1/0;") + "DROP TABLE " + table,
                       "SELECT FROM " + table + ";" + verify});
      for (const ModelTag& tag : module.tags)
        if (tag.change == i) lines.push_back({"@" + tag.name, ""});
    }
    return lines;
  }

  LedgerModel model_;
  Workshop shop_;
};

}  // namespace

TEST_CASE("deploy, revert and tag do what a simple model of the ledger says") {
  CHECK(rc::check("the ledger is what the model says", [] {
    const auto commands = *rc::gen::resize(24, rc::gen::container<std::vector<Command>>(command()));
    Play play;
    for (const Command& one : commands) {
      play.run(one);
      play.check();
    }
  }));
}

}  // namespace pgpm::tests
