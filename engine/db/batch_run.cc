// Sends a batch and counts the results back to its fragments. Results come in the order of the
// statements, one each, so their number is the index of the one that failed; a position, if there
// is one, is surer and wins. If the server counts statements differently than our splitter, numbers
// are clamped and nothing is concluded from them: a COMMIT in the wrong place is believed only when
// the counts agree or there is one too many.
#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/db/batch_failure.h"
#include "engine/db/batch_message.h"
#include "engine/db/libpq.h"
#include "engine/db/wire.h"
#include "engine/sql/script.h"

namespace pgpm::db {

namespace {

// One message on the wire: what its results have told so far.
struct Progress {
  std::size_t results = 0;
  std::size_t commits = 0;
  std::optional<BatchFailure> failure;
  std::optional<BatchFailure> ended_transaction;  // by a script, if the counts can be trusted
};

class BatchRun {
 public:
  BatchRun(Connection::State& state, const Batch& batch, const FragmentDone& done,
           const RowSeen& row, const Sent& sent)
      : state_(state),
        batch_(batch),
        done_(done),
        row_(row),
        sent_(sent),
        copies_(batch.fragments().size(), 0) {
    for (const Fragment& fragment : batch.fragments()) remaining_.push_back(fragment.statements);
  }

  std::optional<BatchFailure> run();

 private:
  std::optional<BatchFailure> run_message(const Message& message);
  bool send(const Message& message);
  void take(const Message& message, const Result& result, Progress& progress);
  void take_completed(const Message& message, const Result& result, Progress& progress);
  void take_row(const Slot& at, const Result& result);
  void take_error(const Message& message, const Result& result, Progress& progress);
  void take_copy_in(const Slot& at);
  void take_copy_out(const Message& message, Progress& progress);
  void check_tag(const Slot& at, std::string_view tag, Progress& progress);
  std::optional<BatchFailure> verdict(const Message& message, Progress& progress);
  void complete_up_to(std::size_t end);
  Slot slot(const Message& message, std::size_t index) const;

  Connection::State& state_;
  const Batch& batch_;
  const FragmentDone& done_;
  const RowSeen& row_;
  const Sent& sent_;
  bool first_sent_ = false;
  std::vector<std::size_t> remaining_;  // results each fragment still owes
  std::vector<std::size_t> copies_;     // COPY statements of each fragment that were fed
  std::size_t completed_ = 0;           // fragments reported as done
};

// Whatever happens between the results of a message, the connection must not be left in the middle
// of them.
class DrainOnExit {
 public:
  explicit DrainOnExit(Connection::State& state) : state_(state) {}
  ~DrainOnExit() {
    if (!finished) drain_results(state_);
  }
  DrainOnExit(const DrainOnExit&) = delete;
  DrainOnExit& operator=(const DrainOnExit&) = delete;
  bool finished = false;

 private:
  Connection::State& state_;
};

std::optional<BatchFailure> BatchRun::run() {
  MessageBuilder builder(batch_);
  while (const std::optional<Message> message = builder.next())
    if (std::optional<BatchFailure> failure = run_message(*message)) return failure;
  complete_up_to(batch_.fragments().size());
  return std::nullopt;
}

std::optional<BatchFailure> BatchRun::run_message(const Message& message) {
  Progress progress;
  if (!send(message)) {
    progress.failure = unsent_failure(state_, batch_, slot(message, 0));
    return progress.failure;
  }
  DrainOnExit drain(state_);
  if (sent_ && !std::exchange(first_sent_, true)) sent_();
  while (const Result result = next_result(state_)) take(message, result, progress);
  drain.finished = true;
  return verdict(message, progress);
}

bool BatchRun::send(const Message& message) {
  if (!begin_statement(state_)) return false;
  if (libpq().PQsendQuery(state_.conn.get(), message.text.c_str()) == 0) return false;
  // Row by row, so that a SELECT in a script does not gather its result in our memory.
  libpq().PQsetSingleRowMode(state_.conn.get());
  flush(state_);  // if the wire broke, the first result says so
  return true;
}

void BatchRun::take(const Message& message, const Result& result, Progress& progress) {
  switch (libpq().PQresultStatus(result.raw())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
      take_completed(message, result, progress);
      break;
    case PGRES_COPY_IN:
    case PGRES_COPY_BOTH:
      take_copy_in(slot(message, progress.results));
      break;
    case PGRES_COPY_OUT:
      take_copy_out(message, progress);
      break;
    case PGRES_FATAL_ERROR:
    case PGRES_BAD_RESPONSE:
      take_error(message, result, progress);
      break;
    case PGRES_SINGLE_TUPLE:
      take_row(slot(message, progress.results), result);
      break;
    default:
      break;  // empty queries
  }
}

void BatchRun::take_completed(const Message& message, const Result& result, Progress& progress) {
  const Slot at = slot(message, progress.results);
  ++progress.results;
  check_tag(at, result.command_tag(), progress);
  if (progress.failure) return;
  if (remaining_[at.fragment] > 0) --remaining_[at.fragment];
  std::size_t end = at.fragment;
  while (end < remaining_.size() && remaining_[end] == 0) ++end;
  complete_up_to(end);
}

void BatchRun::take_row(const Slot& at, const Result& result) {
  if (row_) row_(at.fragment, at.statement, result);
}

void BatchRun::take_error(const Message& message, const Result& result, Progress& progress) {
  if (progress.failure) return;
  const ServerMessage said = failure_message(state_, result);
  progress.failure = server_failure(state_, batch_, message, progress.results, said);
}

void BatchRun::take_copy_in(const Slot& at) {
  const Fragment& fragment = batch_.fragments()[at.fragment];
  const sql::Statement* statement = copy_statement(fragment, copies_[at.fragment]++);
  if (statement == nullptr) {
    refuse_copy(state_, "COPY FROM STDIN has no data here");
    return;
  }
  feed_copy(state_, fragment.script->source().bytes().substr(
                        statement->data_begin, statement->data_end - statement->data_begin));
}

void BatchRun::take_copy_out(const Message& message, Progress& progress) {
  drain_copy(state_);
  const Slot at = slot(message, progress.results);
  if (!batch_.fragments()[at.fragment].script && !progress.failure)
    progress.failure = client_failure(batch_, at, "COPY TO STDOUT is not possible here", "0A000");
}

void BatchRun::check_tag(const Slot& at, std::string_view tag, Progress& progress) {
  const Fragment& fragment = batch_.fragments()[at.fragment];
  if (tag == "COMMIT") ++progress.commits;
  if (fragment.must_commit && tag == "ROLLBACK" && !progress.failure) {
    progress.failure = client_failure(
        batch_, at, "the transaction had failed: COMMIT was answered with ROLLBACK", "40000");
    progress.failure->not_committed = true;
  }
  if (!progress.ended_transaction && ends_transaction(fragment, at.statement, tag))
    progress.ended_transaction =
        client_failure(batch_, at, "the script ended the transaction it runs in", "2D000");
}

std::optional<BatchFailure> BatchRun::verdict(const Message& message, Progress& progress) {
  const bool aligned = progress.failure || progress.results == message.slots.size();
  const auto own_commits = static_cast<std::size_t>(
      std::count_if(message.slots.begin(), message.slots.end(),
                    [&](const Slot& at) { return batch_.fragments()[at.fragment].must_commit; }));
  if (progress.ended_transaction && (aligned || progress.commits > own_commits)) {
    if (progress.failure)
      progress.ended_transaction->message.detail = progress.failure->message.message;
    return progress.ended_transaction;
  }
  if (!progress.failure && is_lost(state_))
    return server_failure(state_, batch_, message, progress.results, failure_message(state_, {}));
  return progress.failure;
}

void BatchRun::complete_up_to(std::size_t end) {
  for (; completed_ < end; ++completed_)
    if (done_) done_(completed_);
}

Slot BatchRun::slot(const Message& message, std::size_t index) const {
  if (message.slots.empty())
    return {message.segments.empty() ? 0 : message.segments.front().fragment, 0};
  return message.slots[std::min(index, message.slots.size() - 1)];
}

}  // namespace

std::optional<BatchFailure> run_batch(Connection& connection, const Batch& batch,
                                      const FragmentDone& done, const RowSeen& row,
                                      const Sent& sent) {
  return BatchRun(connection.state(), batch, done, row, sent).run();
}

}  // namespace pgpm::db
