#include "engine/proof/left_behind.h"

#include <fmt/format.h>

#include <optional>

#include "engine/migrate/script_store.h"
#include "engine/proof/prove_finding.h"
#include "engine/sql/lexer.h"
#include "engine/text/ascii.h"

namespace pgpm::proof {
namespace {

/// A change with both scripts, read once.
struct ScriptPair {
  std::string name;  // module:change
  StoredScript deploy, revert;
};

std::vector<ScriptPair> read_scripts(const Resolution& resolution) {
  std::vector<ScriptPair> scripts;
  for (const ResolvedModule& resolved : resolution.modules) {
    const Module& module = *resolved.module;
    for (const Change& change : module.plan.changes)
      scripts.push_back({module.package + ":" + change.script_name,
                         load_script(module, Module::ScriptKind::deploy, change.script_name),
                         load_script(module, Module::ScriptKind::revert, change.script_name)});
  }
  return scripts;
}

Diagnostic in_plan(const Resolution& resolution, const std::string& message) {
  const Plan& plan = resolution.modules.back().module->plan;
  return {Severity::error, {plan.file, 0, 0}, message, {}, "no deploy script names it"};
}

/// Whoever names an object first made it, as a rule; whoever names it last altered it last.
template <typename Pair>
const ScriptPair* first_naming(Pair begin, Pair end, const std::string& identity) {
  for (; begin != end; ++begin)
    if (place_naming(begin->deploy, identity)) return &*begin;
  return nullptr;
}

const ScriptPair* maker_of(const std::vector<ScriptPair>& scripts, const ObjectDifference& object) {
  const std::string& whole =
      object.within.empty() ? object.identity : object.within.substr(object.within.find(' ') + 1);
  const bool altered = object.difference == DifferenceKind::changed;
  for (const std::string& name : {object.identity, whole}) {
    const ScriptPair* found = altered ? first_naming(scripts.rbegin(), scripts.rend(), name)
                                      : first_naming(scripts.begin(), scripts.end(), name);
    if (found != nullptr) return found;
  }
  return nullptr;
}

}  // namespace

std::vector<Diagnostic> left_behind_findings(const Resolution& resolution,
                                             const std::vector<ObjectDifference>& differences) {
  const std::vector<ScriptPair> scripts = read_scripts(resolution);
  std::vector<Diagnostic> findings;
  for (const ObjectDifference& each : without_parts(differences)) {
    const ScriptPair* maker = maker_of(scripts, each);
    if (maker == nullptr) {
      findings.push_back(in_plan(resolution, "not restored: " + describe(each)));
      continue;
    }
    for (Diagnostic& finding : not_restored_findings({each}, maker->revert, maker->deploy)) {
      finding.message += fmt::format(" (by {})", maker->name);
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

std::vector<Diagnostic> made_differently_findings(
    const Resolution& resolution, const std::vector<ObjectDifference>& differences) {
  const std::vector<ScriptPair> scripts = read_scripts(resolution);
  std::vector<Diagnostic> findings;
  for (const ObjectDifference& each : without_parts(differences)) {
    const std::string message = "different the second time: " + describe(each);
    const ScriptPair* maker = maker_of(scripts, each);
    if (maker == nullptr) {
      findings.push_back(in_plan(resolution, message));
      continue;
    }
    const auto place = place_naming(maker->deploy, each.identity);
    const std::string by = fmt::format("{} (by {})", message, maker->name);
    findings.push_back(place ? finding_at(Severity::error, maker->deploy, *place, by)
                             : finding_in(Severity::error, maker->deploy, by));
  }
  return findings;
}

bool creates_extension(const Resolution& resolution, const std::string& extension) {
  for (const ScriptPair& pair : read_scripts(resolution)) {
    if (!pair.deploy) continue;
    const std::string_view text = pair.deploy.script->source().bytes();
    for (const sql::Statement& statement : pair.deploy.script->statements()) {
      sql::Lexer lexer(text.substr(statement.begin, statement.end - statement.begin));
      if (!lexer.is_word(lexer.next(), "create") || !lexer.is_word(lexer.next(), "extension"))
        continue;
      for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end;
           token = lexer.next()) {
        if (lexer.text_of(token) == extension) return true;
      }
    }
  }
  return false;
}

}  // namespace pgpm::proof
