#include "engine/db/message_run.h"

#include <string>

#include "engine/db/byte_positions.h"
#include "engine/db/libpq.h"
#include "engine/db/statement_error.h"

namespace pgpm::db {

namespace {

class MessageRun {
 public:
  MessageRun(Connection::State& state, std::string_view text, const StatementDone& done)
      : state_(state), text_(text), done_(done) {}

  std::optional<MessageFailure> run() {
    if (!begin_statement(state_))
      return MessageFailure{is_lost(state_) ? lost_session(failure_message(state_, {}))
                                            : Error(ErrorCode::interrupted, "interrupted"),
                            0};
    if (libpq().PQsendQuery(state_.conn.get(), std::string(text_).c_str()) == 0)
      return MessageFailure{lost_session(failure_message(state_, {})), 0};
    libpq().PQsetSingleRowMode(state_.conn.get());
    flush(state_);
    while (const Result result = next_result(state_)) take(result);
    if (!failure_ && is_lost(state_))
      failure_ = MessageFailure{lost_session(failure_message(state_, {})), results_};
    return std::move(failure_);
  }

 private:
  void take(const Result& result) {
    switch (libpq().PQresultStatus(result.raw())) {
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
        ++results_;
        if (!failure_) done_(result);
        break;
      case PGRES_COPY_IN:
      case PGRES_COPY_BOTH:
        refuse_copy(state_, "COPY FROM STDIN has no data here");
        break;
      case PGRES_COPY_OUT:
        drain_copy(state_);
        break;
      case PGRES_FATAL_ERROR:
      case PGRES_BAD_RESPONSE:
        if (!failure_)
          failure_ = MessageFailure{
              statement_error(
                  state_, counted_in_characters(state_, failure_message(state_, result), text_)),
              results_};
        break;
      default:
        break;  // rows, empty queries
    }
  }

  Connection::State& state_;
  std::string_view text_;
  const StatementDone& done_;
  std::size_t results_ = 0;
  std::optional<MessageFailure> failure_;
};

}  // namespace

std::optional<MessageFailure> run_message(Connection& connection, std::string_view text,
                                          const StatementDone& done) {
  return MessageRun(connection.state(), text, done).run();
}

}  // namespace pgpm::db
