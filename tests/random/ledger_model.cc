#include "tests/random/ledger_model.h"

#include <algorithm>
#include <utility>

namespace pgpm::tests {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

/// What the ledger keeps as the code of a failure.
std::string code_of(Script script) {
  switch (script) {
    case Script::fails_running:
      return "22012";
    case Script::fails_parsing:
      return "42601";
    case Script::fails_verifying:
      return "VERIFICATION_FAILED";
    case Script::good:
      break;
  }
  return "ok";
}

}  // namespace

LedgerModel::LedgerModel() : modules{{"a", {}, {}}, {"b", {}, {}}, {"c", {}, {}}} {}

bool LedgerModel::is_deployed(const std::string& change) const {
  return contains(deployed, change);
}

bool LedgerModel::has_tag(const std::string& tag) const {
  return contains(tags, tag);
}

void LedgerModel::record(const ModelModule& module, std::size_t change) {
  deployed.push_back(module.qualified(change));
  events.push_back("deploy " + module.qualified(change) + " ok");
  for (const ModelTag& tag : module.tags)
    if (tag.change == change) tags.push_back(module.name + ":" + tag.name);
}

/// Tags put on changes that had been deployed before, once the module's part went through.
void LedgerModel::record_late_tags(const ModelModule& module,
                                   const std::vector<std::string>& before) {
  for (const ModelTag& tag : module.tags) {
    const std::string name = module.name + ":" + tag.name;
    if (contains(before, module.qualified(tag.change)) && !has_tag(name)) tags.push_back(name);
  }
}

Ending LedgerModel::deploy_module(std::size_t module, std::size_t to, TransactionScope scope) {
  const std::vector<std::string> before = deployed;
  const ModelModule& own = modules[module];
  const bool judged_at_once = scope == TransactionScope::change;
  std::optional<std::size_t> unverified;
  for (std::size_t i = 0; i < own.plan.size() && i <= to; ++i) {
    if (is_deployed(own.qualified(i))) continue;
    const Script script = own.plan[i].script;
    const bool waits = script == Script::fails_verifying && !judged_at_once;
    if (script != Script::good && !waits) {
      const bool verifying = script == Script::fails_verifying;
      events.push_back((verifying ? "verify " : "deploy ") + own.qualified(i) + " " +
                       code_of(script));
      return verifying ? Ending::verification_failed : Ending::sql_failed;
    }
    if (waits && !unverified) unverified = i;
    record(own, i);
  }
  if (unverified) {
    events.push_back("verify " + own.qualified(*unverified) + " VERIFICATION_FAILED");
    return Ending::verification_failed;
  }
  record_late_tags(own, before);
  return Ending::done;
}

bool LedgerModel::has_pending(const ModelModule& module, std::size_t to) const {
  if (to >= module.plan.size()) return true;  // no --to: the module's own end, and all it requires
  for (std::size_t i = 0; i <= to; ++i)
    if (!is_deployed(module.qualified(i))) return true;
  return false;
}

Ending LedgerModel::deploy(std::size_t module, std::size_t to, TransactionScope scope) {
  const LedgerModel at_start = *this;
  // Required modules are only taken along for something.
  const std::size_t first = has_pending(modules[module], to) ? 0 : module;
  for (std::size_t m = first; m <= module; ++m) {
    const LedgerModel at_module = *this;
    const std::size_t up_to = m == module ? to : modules[m].plan.size();
    const Ending ending = deploy_module(m, up_to, scope);
    if (ending == Ending::done) continue;
    std::string failure = events.back();
    if (scope == TransactionScope::module) *this = at_module;
    if (scope == TransactionScope::run) *this = at_start;
    if (scope != TransactionScope::change) events.push_back(std::move(failure));
    return ending;
  }
  return Ending::done;
}

const ModelChange& LedgerModel::find(const std::string& change) const {
  for (const ModelModule& module : modules)
    for (std::size_t i = 0; i < module.plan.size(); ++i)
      if (module.qualified(i) == change) return module.plan[i];
  return modules.at(0).plan.at(0);  // not reached: what is deployed is planned
}

std::vector<std::string> LedgerModel::dependants(const std::string& change) const {
  std::vector<std::string> found;
  for (const ModelModule& module : modules) {
    for (std::size_t i = 0; i < module.plan.size(); ++i) {
      if (!is_deployed(module.qualified(i))) continue;
      const ModelChange& one = module.plan[i];
      bool requires_it = contains(one.requires_others, change);
      for (const std::size_t own : one.requires_own) requires_it |= module.qualified(own) == change;
      if (requires_it) found.push_back(module.qualified(i));
    }
  }
  return found;
}

void LedgerModel::forget(const std::string& change) {
  std::erase(deployed, change);
  events.push_back("revert " + change + " ok");
  for (const ModelModule& module : modules)
    for (const ModelTag& tag : module.tags)
      if (module.qualified(tag.change) == change) std::erase(tags, module.name + ":" + tag.name);
}

/// One transaction: everything goes, or nothing.
Ending LedgerModel::revert(std::vector<std::string> going, bool cascade) {
  for (std::size_t i = 0; i < going.size(); ++i) {
    for (const std::string& dependant : dependants(going[i])) {
      if (contains(going, dependant)) continue;
      if (!cascade) return Ending::refused;
      going.push_back(dependant);
    }
  }
  const LedgerModel at_start = *this;
  for (std::size_t i = at_start.deployed.size(); i-- > 0;) {
    const std::string& change = at_start.deployed[i];
    if (!contains(going, change)) continue;
    if (!find(change).reverts) {
      *this = at_start;
      events.push_back("revert " + change + " 22012");
      return Ending::sql_failed;
    }
    forget(change);
  }
  return Ending::done;
}

Ending LedgerModel::revert_last(std::size_t module, bool cascade) {
  for (std::size_t i = deployed.size(); i-- > 0;)
    if (deployed[i].starts_with(modules[module].name + ":")) return revert({deployed[i]}, cascade);
  return Ending::done;
}

Ending LedgerModel::revert_after(std::size_t module, std::size_t stays, bool cascade) {
  const ModelModule& own = modules[module];
  std::vector<std::string> going;
  for (std::size_t i = stays + 1; i < own.plan.size(); ++i)
    if (is_deployed(own.qualified(i))) going.push_back(own.qualified(i));
  return revert(std::move(going), cascade);
}

Ending LedgerModel::revert_all(std::size_t module, bool cascade) {
  std::vector<std::string> going;
  for (const std::string& change : deployed)
    if (change.starts_with(modules[module].name + ":")) going.push_back(change);
  return revert(std::move(going), cascade);
}

}  // namespace pgpm::tests
