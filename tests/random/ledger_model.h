// What deploy, revert and tag shall leave in the ledger, said as simply as possible: lists of
// names. Three modules, each requiring the one before; changes are only ever added at a plan's end.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "pgpm/event.h"

namespace pgpm::tests {

enum class Script { good, fails_running, fails_parsing, fails_verifying };

struct ModelChange {
  std::string name;
  std::vector<std::size_t> requires_own;     ///< positions of the same plan
  std::vector<std::string> requires_others;  ///< "module:change"
  Script script = Script::good;
  bool reverts = true;  ///< its revert script works
};

struct ModelTag {
  std::string name;
  std::size_t change = 0;
};

struct ModelModule {
  std::string name;
  std::vector<ModelChange> plan;
  std::vector<ModelTag> tags;

  std::string qualified(std::size_t change) const { return name + ":" + plan[change].name; }
};

/// How a command ends.
enum class Ending { done, sql_failed, verification_failed, refused };

class LedgerModel {
 public:
  LedgerModel();

  /// `to`: position in the plan, its length = everything.
  Ending deploy(std::size_t module, std::size_t to, TransactionScope scope);
  Ending revert_last(std::size_t module, bool cascade);
  Ending revert_after(std::size_t module, std::size_t stays, bool cascade);
  Ending revert_all(std::size_t module, bool cascade);

  std::vector<ModelModule> modules;
  std::vector<std::string> deployed;  ///< "module:change", in order
  std::vector<std::string> tags;      ///< "module:tag", of those that are recorded
  std::vector<std::string> events;    ///< "deploy module:change ok"

  bool is_deployed(const std::string& change) const;

 private:
  Ending deploy_module(std::size_t module, std::size_t to, TransactionScope scope);
  Ending revert(std::vector<std::string> going, bool cascade);
  bool has_pending(const ModelModule& module, std::size_t to) const;
  void record(const ModelModule& module, std::size_t change);
  void record_late_tags(const ModelModule& module, const std::vector<std::string>& before);
  std::vector<std::string> dependants(const std::string& change) const;
  const ModelChange& find(const std::string& change) const;
  bool has_tag(const std::string& tag) const;
  void forget(const std::string& change);
};

}  // namespace pgpm::tests
