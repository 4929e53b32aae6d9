// The ledger in the database: schema pgpm_migrate. Reading never writes; writing is SQL text that
// the caller puts into the same transaction (and message) as the change it records. Contract of
// tables and rows: schema/README.md.
#pragma once

#include <string>
#include <vector>

#include "engine/db/connection.h"
#include "engine/registry/state.h"
#include "pgpm/event.h"

namespace pgpm::registry {

/// Schema version that this program writes.
constexpr int current_version = 3;

/// Key of the lock install() holds while it works: "pgpm" as bytes, and 2 (1 is the run lock).
constexpr int install_lock_class = 0x7067706d;
constexpr int install_lock_object = 2;

/// Which parts of the state a caller needs. What it does not is left empty: of ten thousand changes
/// the names and hashes alone take half the time.
enum class Detail {
  names_and_hashes,  ///< of the changes; tags, intents and version as always
  rows,              ///< and change id, fingerprint, when and by whom
  everything,        ///< and requires_changes
};
/// One query on a ledger of ours, two where a change was begun and not finished; no locks beyond
/// SELECT's. Works without a ledger (installed = false) and on upstream's, after a look into the
/// catalogs; in read-only transactions and with SELECT rights only. An open transaction stays
/// usable. Throws Error(sql) that names the missing right and how to grant it.
RegistryState read_state(db::Connection& connection, Detail detail);
/// The same from the rows such a query gave. Texts may be anything: a ledger may have been edited
/// by hand. Throws Error(internal) if a number is none.
RegistryState state_of_rows(const db::Result& rows);

/// Creates the ledger, or upgrades one that upstream or an older version made, in one transaction.
/// Safe when several sessions do it at once; one query if it is current. Not inside a transaction.
/// Returns whether anything was done. Throws Error(sql) that names the missing right,
/// Error(refused) if a newer pgpm made the ledger.
bool install(db::Connection& connection);
/// The same as a text for psql, for a ledger of this version (0 = none, or upstream's); empty if
/// there is nothing to do.
std::string install_sql(int version);

struct DeployRecord {
  std::string package, change, script_hash, fingerprint;
  std::vector<std::string> requires_changes;  ///< qualified, unique
  std::vector<std::string> tags;              ///< without '@'
  long run_id = 0;
};
/// change_id as upstream computes it: sha256 of package, change and hash, one after the other.
std::string change_id(const std::string& package, const std::string& change,
                      const std::string& script_hash);

/// One statement each (see statements in db::Fragment), without a semicolon, for a Batch. The
/// package must be registered. A change that is recorded already fails with 23505, reverting one
/// that is not with P0001.
std::string record_deploy_sql(const DeployRecord& record);
/// The same for several of one run, in this order, as a few statements; no row is there before the
/// last has run. At least one record.
std::vector<std::string> record_deploys_sql(const std::vector<DeployRecord>& records);
std::string record_revert_sql(const std::string& package, const std::string& change, long run_id);
/// Renames a deployed instance when it is reworked (f -> f@v1), and back when the rework is
/// reverted.
std::string rename_instance_sql(const std::string& package, const std::string& from,
                                const std::string& to);
/// A tag added after its change was deployed; one that moved in the plan moves here.
std::string record_tag_sql(const std::string& package, const std::string& tag,
                           const std::string& change);
/// New hash and fingerprint, and with them a new change_id.
std::string accept_edit_sql(const std::string& package, const std::string& change,
                            const std::string& script_hash, const std::string& fingerprint);
std::string register_package_sql(const std::string& package);
/// Counts the managed objects of all modules anew. Their table must be there.
std::string count_managed_objects_sql();
/// Gives all that is deployed of a module to another name; events keep the name they happened to.
/// In this order, in one transaction.
std::vector<std::string> rename_package_sql(const std::string& from, const std::string& to);
/// The same for its managed objects, behind those; their table must be there.
std::vector<std::string> rename_object_owner_sql(const std::string& from, const std::string& to);

/// Intent rows of non-transactional changes: begun before the first statement (own transaction),
/// advanced after each. Begun again, it takes the place of what was left of an earlier attempt: no
/// statement done yet.
std::string begin_intent_sql(const std::string& package, const std::string& change, Action action,
                             const std::string& script_hash, long run_id);
std::string advance_intent_sql(const std::string& package, const std::string& change,
                               std::size_t statements_done);
/// An attempt to go on where the one before ended. What that left behind must be settled before:
/// the row's own age tells it from what was there earlier.
std::string resume_intent_sql(const std::string& package, const std::string& change, long run_id);
std::string end_intent_sql(const std::string& package, const std::string& change);

struct RunRecord {
  std::string command, command_line, tool_version, git_commit, client_host, client_user;
  std::vector<std::string> modules;
};
/// The end of a run, for the transaction that is its last.
std::string finish_run_sql(long run_id, Outcome outcome, const std::string& error_code = {});
/// Own transactions, immediately.
long start_run(db::Connection& connection, const RunRecord& run);
void finish_run(db::Connection& connection, long run_id, Outcome outcome,
                const std::string& error_code);
/// A failed event, in its own transaction. `action` deploy/revert/verify. Never throws: a failure
/// to record is returned.
bool record_failure(db::Connection& connection, Action action, const std::string& package,
                    const std::string& change, const std::string& message, const std::string& code,
                    long run_id);

}  // namespace pgpm::registry
