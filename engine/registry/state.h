// What the ledger says, read by one query: a value the pure planners work on. Order of `changes` is
// the order in which they were deployed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pgpm {

struct DeployedChange {
  std::string package, name;  ///< name is the change's script name ("users", "users@v1")
  std::string change_id, script_hash;
  std::string fingerprint;  ///< "" for rows written by upstream
  std::string deployed_at;  ///< ISO 8601, UTC
  std::string deployed_by;  ///< "" for rows written by upstream
  std::vector<std::string>
      requires_changes;  ///< "package:change"; a bare name means the same package
  bool operator==(const DeployedChange&) const = default;
};

struct DeployedTag {
  std::string package, tag, change;  ///< tag without '@'
  bool operator==(const DeployedTag&) const = default;
};

/// A non-transactional change that was begun: finished ones have no row.
struct IntentRow {
  std::string package, change, action;  ///< action: deploy | revert
  std::string script_hash;
  std::size_t statements_done = 0;
  std::string started_at;
  bool cut_off = false;  ///< no failure was recorded: nobody knows how the last attempt ended
  bool operator==(const IntentRow&) const = default;
};

class RegistryState {
 public:
  bool installed = false;  ///< the schema and its tables exist
  int version = 0;         ///< ours; 0 = made by upstream pgpm (or absent)
  std::vector<DeployedChange> changes;
  std::vector<DeployedTag> tags;
  std::vector<IntentRow> intents;
  std::map<std::string, std::size_t> managed_objects;  ///< how many, by package; none = no entry

  /// In constant time. Asked for in the order they were deployed in, as plans mostly do, without
  /// looking anything up. Once asked, `changes` must stay as they are. Not from several threads at
  /// once.
  const DeployedChange* find(std::string_view package, std::string_view name) const;
  bool operator==(const RegistryState& other) const;

 private:
  bool is_at(std::size_t change, std::string_view package, std::string_view name) const;

  mutable std::size_t next_ = 0;                                  // behind the last one found
  mutable std::unordered_map<std::string, std::size_t> by_name_;  // "package:name" -> index
};

}  // namespace pgpm
