// Many pieces of SQL as few simple-protocol messages, with every result counted back to the piece
// it belongs to. A message is one implicit guard: an error discards the rest of it, so nothing
// after a failed piece runs. Positions the server reports are 1-based characters in the whole
// message; they are mapped to the author's file.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/db/connection.h"
#include "engine/sql/script.h"

namespace pgpm::db {

/// A piece of a batch, in order: either the engine's own SQL, or an author's script.
struct Fragment {
  std::string sql;                            ///< engine's SQL; unused for scripts
  std::size_t statements = 1;                 ///< how many results `sql` yields
  std::shared_ptr<const sql::Script> script;  ///< set for an author's script
  std::optional<std::size_t> only_statement;  ///< of the script; the whole script otherwise
  std::size_t label = 0;                      ///< the caller's: which step it belongs to
  bool noisy = false;                         ///< engine's SQL that may raise notices
  bool must_commit = false;  ///< the result's tag must be COMMIT (a failed COMMIT answers ROLLBACK)
};

/// Where a batch stopped.
struct BatchFailure {
  std::size_t fragment = 0;   ///< index into the batch
  std::size_t statement = 0;  ///< within the fragment
  ServerMessage message;
  std::optional<SourceLocation> where;  ///< in the script, if the fragment is one
  std::string source_line;
  bool lost_connection = false;  ///< the connection broke; what ran is unknown
  bool interrupted = false;      ///< a stop was requested and the server cancelled
  bool not_committed = false;    ///< COMMIT answered ROLLBACK
};

class Batch {
 public:
  /// `after_reset`: see Connection::settings_after_reset().
  explicit Batch(std::vector<std::string> after_reset = {})
      : after_reset_(std::move(after_reset)) {}

  /// Undoes what a script may have moved: user, role, settings (RESET ALL leaves the first two
  /// alone).
  void add_reset(std::size_t label);
  void add(std::string sql, std::size_t label, std::size_t statements = 1);
  /// Engine's SQL whose notices people should see; all other raises none.
  void add_noisy(std::string sql, std::size_t label);
  void add_commit(std::size_t label);
  /// A script that refuses transactions is sent statement by statement, each in a message of its
  /// own.
  void add_script(std::shared_ptr<const sql::Script> script, std::size_t label);
  /// One statement of a script, for changes that run outside a transaction.
  void add_statement(std::shared_ptr<const sql::Script> script, std::size_t statement,
                     std::size_t label);

  const std::vector<Fragment>& fragments() const { return fragments_; }
  std::size_t bytes() const { return bytes_; }
  bool empty() const { return fragments_.empty(); }

 private:
  std::vector<std::string> after_reset_;
  std::vector<Fragment> fragments_;
  std::size_t bytes_ = 0;
};

/// Called as results arrive: fragment `index` has completed.
using FragmentDone = std::function<void(std::size_t index)>;

/// Called for each row of a statement's answer; the result holds this one row.
using RowSeen = std::function<void(std::size_t fragment, std::size_t statement, const Result& row)>;

/// Called once, when the first message is on its way: time to prepare what comes next.
using Sent = std::function<void()>;

/// Sends the batch and waits for all its results; scripts with COPY data are fed it. Returns
/// nothing on success. Never throws for what the server or the wire does: that is the BatchFailure.
/// After a failure inside a transaction block the session is left as the server left it; the caller
/// rolls back. Big batches are sent as several messages (the split never falls inside a statement);
/// an error stops before the next one.
std::optional<BatchFailure> run_batch(Connection& connection, const Batch& batch,
                                      const FragmentDone& done = {}, const RowSeen& row = {},
                                      const Sent& sent = {});

/// The messages run_batch would send, for --dry-run --sql.
std::vector<std::string> render_batch(const Batch& batch);

}  // namespace pgpm::db
