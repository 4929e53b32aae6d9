// What Sqitch's registry says of one project (registry version 1.0 or 1.1). Reads only.
#pragma once

#include <string>
#include <vector>

#include "engine/db/connection.h"

namespace pgpm::registry {

struct SqitchChange {
  std::string change_id, name;
  std::string script_hash;  ///< SHA-1 of the deploy script, "" if there was none
  std::string committed_at, committer_name, committer_email;
};
struct SqitchTag {
  std::string tag, change_id;  ///< without '@'
  std::string committed_at, committer_name, committer_email;
};
struct SqitchEvent {
  std::string event;  ///< deploy, revert, fail, merge
  std::string change_id, name, committed_at, committer_name, committer_email;
};

struct SqitchProject {
  std::vector<SqitchChange> changes;  ///< in the order they were deployed
  std::vector<SqitchTag> tags;
  std::vector<SqitchEvent> events;  ///< oldest first
};

/// Throws Error(configuration) if the schema holds no registry or none of that project (naming
/// those it has), Error(sql) for missing rights.
SqitchProject read_sqitch_project(db::Connection& connection, const std::string& schema,
                                  const std::string& project);

struct AdoptedChange {
  std::string package, change, script_hash, fingerprint;
  std::string deployed_at, deployed_by;
  std::vector<std::string> requires_changes;
};
/// Ledger rows that carry their own time; no event comes with them.
std::string adopt_change_sql(const AdoptedChange& change);
std::string adopt_tag_sql(const std::string& package, const std::string& tag,
                          const std::string& change, const std::string& at, const std::string& by);
/// One event of the history, unless it is there already.
std::string adopt_event_sql(const std::string& package, const std::string& change,
                            const SqitchEvent& event, long run_id);

}  // namespace pgpm::registry
