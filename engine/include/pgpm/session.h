// pgpm session: a folder of files and a deploy.sql that decides everything. The engine loads the
// files and parameters into temporary views of one session and sends deploy.sql, which reads them,
// runs what it wants in the order and the transactions it wants, and lets tests gate its COMMIT. No
// ledger is kept. The views, functions and the macro CALL pgmi_test() are those of pgmi 0.12
// (compat 1).
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "pgpm/observer.h"
#include "pgpm/target.h"

namespace pgpm {

/// What a <pgmi-meta> block in a comment says about its file.
struct SessionMetadata {
  std::string id;  ///< UUID, lower case with hyphens
  bool idempotent = true;
  std::optional<std::string> description;
  std::vector<std::string> sort_keys;
};

struct SessionFile {
  std::string path;     ///< "./migrations/001_users.sql"
  std::string content;  ///< without a byte order mark
  bool is_sql = false;  ///< by its extension
  std::optional<SessionMetadata> metadata;
};

/// A test or fixture: an SQL file below __test__ or __tests__.
struct SessionTest {
  std::string path, content;
};

struct SessionProject {
  std::string name;                     ///< the folder's
  std::filesystem::path root;           ///< as given
  std::string deploy_sql;               ///< its bytes
  std::vector<SessionFile> files;       ///< by path in byte order; not deploy.sql, no tests
  std::vector<SessionTest> tests;       ///< by path in byte order
  std::vector<std::string> test_paths;  ///< all files below test directories, SQL or not
  std::size_t files_read() const { return files.size() + test_paths.size(); }
};

struct SessionScanOptions {
  std::size_t max_file_size = std::size_t{10} << 20;  ///< bytes
};

/// Reads a project's folder. Throws Error(script_missing) if there is no deploy.sql,
/// Error(configuration) with all findings for symbolic links, files that are too big or not UTF-8
/// text, directories with reserved names, bad metadata and ids used twice; Error(other) for what
/// cannot be read.
SessionProject load_session_project(const std::filesystem::path& folder,
                                    const SessionScanOptions& options = {});

/// A name for deploy.sql to read: pgmi_parameter_view, and current_setting('pgmi.NAME').
using SessionParameters = std::vector<std::pair<std::string, std::string>>;

/// A session that a thread of its own opens and gets ready, for SessionOptions::early. When it goes
/// away before somebody took it, what it did is taken back.
class EarlySession;

struct SessionOptions {
  SessionParameters parameters;  ///< in order; of equal names the last one counts
  /// Names of parameters whose values no event and no error may hold; those that sound secret
  /// (password, token, key ...) are among them anyway.
  std::vector<std::string> secrets;
  std::chrono::milliseconds timeout = std::chrono::minutes(3);  ///< for all of it; 0 = none
  std::string compat;                   ///< version of the session's objects; "" = the latest, "1"
  bool all_files_in_plan = false;       ///< pgmi_plan_view also lists files that are not SQL
  bool allow_open_transaction = false;  ///< one that deploy.sql leaves open is no failure
  bool debug_notices = false;           ///< DEBUG messages of the session are wanted too
  enum class Database {
    must_exist,
    create_if_missing,
    overwrite,  ///< dropped and made again, empty, after `approve`
  } database = Database::create_if_missing;
  /// The database from which others are made and dropped; "" = that of the connection string if
  /// the target's is another, else postgres.
  std::string maintenance_database;
  /// Called before every attempt to connect, on the caller's thread: the target with what has to be
  /// new each time, such as a token that is soon worth nothing. {} = the target as it is.
  std::function<Target(const Target&)> fresh_login;
  /// Asked before an existing database is dropped; returning false ends with Error(approval).
  std::function<bool(const std::string& database)> approve_overwrite;
  /// From begin_session(), for one call of deploy_session() or test_session(); may be nullptr.
  std::shared_ptr<EarlySession> early;
};

/// A server takes as long to open a session and make its views as this program takes to read a big
/// project: both can be done at once. Begins at once, and tells nothing: a failure is told when the
/// session is needed. nullptr if it would be a nuisance: where the host's address has to be asked
/// for (giving up can take long), for a login that has to be new, and for a database that is made
/// anew. `target` and `options` must be those of the verb that gets it.
std::shared_ptr<EarlySession> begin_session(const Target& target, const SessionOptions& options,
                                            std::stop_token stop);

struct SessionReport {
  std::size_t files = 0, test_macros = 0, units = 0;
  std::size_t checks = 0;  ///< fixtures and tests that passed
  bool database_created = false;
};

/// Runs the project's deploy.sql: the statements up to its first COMMIT, END, ROLLBACK or ABORT as
/// one message, each one behind it by itself. Emits RunStarted, SessionLoaded, CheckStarted and
/// CheckFinished of fixtures and tests, NoticeRaised, UnitFinished, RunFinished. Everything that is
/// wrong with the project is found before the server is asked. A server that cannot be reached for
/// a moment is asked four times in all (WarningRaised each time). Throws Error(sql) with where() in
/// deploy.sql (or in the project's file, if the server says so), Error(lock_held) at once if
/// another deploy is at work on the database, Error(timed_out) after options.timeout. A transaction
/// that deploy.sql leaves open is rolled back: Error(sql) unless that is allowed.
SessionReport deploy_session(const SessionProject& project, const Target& target,
                             const SessionOptions& options, Observer& observer,
                             std::stop_token stop);

struct SessionTestOptions : SessionOptions {
  /// Only tests whose path matches this regular expression of PostgreSQL, with the fixtures they
  /// need; "" = all.
  std::string pattern;
  bool fail_fast = false;  ///< skip what is left after a failure
};
/// Runs the project's tests and not its deploy.sql, in a session that has the project's views and
/// in one transaction that is rolled back. Each fixture and test is a check (CheckStarted,
/// CheckFinished), and a failing one does not keep the others from running. Throws
/// Error(verification_failed) at the end if one failed, Error(configuration) if there are none.
SessionReport test_session(const SessionProject& project, const Target& target,
                           const SessionTestOptions& options, Observer& observer,
                           std::stop_token stop);

/// A message of deploy.sql: where in the file it begins, and its first statement's first line.
struct SessionUnit {
  std::size_t line = 0;
  std::string beginning;
};
/// Of deploy.sql as it is written, macros not expanded.
std::vector<SessionUnit> session_units(const SessionProject& project);

/// A <pgmi-meta> block for a file that has none, with an id made from its path.
std::string metadata_block(const SessionFile& file, bool idempotent);

/// A file of a new project.
struct TemplateFile {
  std::string path, text;
};
struct SessionTemplate {
  std::string name, description;
};
/// Those there are.
std::vector<SessionTemplate> session_templates();
/// The files of one, with the project's name filled in. Throws Error(usage) for an unknown name.
std::vector<TemplateFile> template_files(const std::string& name, const std::string& project);

/// One step of the project's tests.
struct SessionTestStep {
  std::size_t ordinal = 0;
  std::string kind;  ///< "fixture", "test", "teardown"
  std::string path, directory;
  std::size_t depth = 0;
};
/// All of them in the order they run, from the files alone.
std::vector<SessionTestStep> session_test_steps(const SessionProject& project);

/// A row of pgmi_plan_view, computed from the files alone.
struct SessionPlanRow {
  std::string path, id;  ///< without metadata the id is made from the path
  bool idempotent = true;
  std::string sort_key, description;
};
enum class PlanFiles { sql_only, all };
std::vector<SessionPlanRow> session_plan(const SessionProject& project, PlanFiles files);

/// "name=value" lines; blank ones and those that start with # are passed over. Throws
/// Error(configuration) with the line for anything else; never quotes a value.
SessionParameters read_parameters_file(const std::filesystem::path& file);

}  // namespace pgpm
