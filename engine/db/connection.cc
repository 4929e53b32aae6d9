// Statements of the engine's own: exec() and query(). Must not know what they are for.
// A statement is always read to its end, also when it failed or was cancelled, so that the
// connection stays usable.
#include "engine/db/connection.h"

#include <utility>

#include "engine/db/connect.h"
#include "engine/db/statement_error.h"
#include "engine/db/wire.h"
#include "engine/sql/quote.h"

namespace pgpm::db {

namespace {

// Refuses COPY, which would leave the connection waiting for data; the server then fails the
// statement (57014).
bool refused_copy(Connection::State& state, const Result& result) {
  switch (libpq().PQresultStatus(result.raw())) {
    case PGRES_COPY_IN:
    case PGRES_COPY_BOTH:
      refuse_copy(state, "COPY FROM STDIN is not possible here");
      return true;
    case PGRES_COPY_OUT:
      drain_copy(state);
      return true;
    default:
      return false;
  }
}

bool is_failure(const Result& result) {
  const ExecStatusType status = libpq().PQresultStatus(result.raw());
  return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
}

std::vector<Result> finish_statement(Connection::State& state, const Connection::ResultSeen& seen) {
  std::vector<Result> all;
  std::optional<Error> first_error;
  while (Result result = next_result(state)) {
    if (refused_copy(state, result) && !first_error)
      first_error = Error(ErrorCode::sql, "COPY is not possible here");
    else if (is_failure(result) && !first_error)
      first_error = statement_error(state, failure_message(state, result));
    if (seen && !first_error) seen(result);
    all.push_back(std::move(result));
  }
  if (first_error) throw *first_error;
  if (all.empty()) throw lost_session(failure_message(state, {}));
  return all;
}

template <class Send>
std::vector<Result> run_statement(Connection::State& state, const Send& send,
                                  const Connection::ResultSeen& seen = {}) {
  if (!begin_statement(state)) {
    if (is_lost(state)) throw lost_session(failure_message(state, {}));
    throw Error(ErrorCode::interrupted, "interrupted");
  }
  if (send(state.conn.get()) == 0) throw lost_session(failure_message(state, {}));
  // What the server said before it hung up is still to be read, so a failed flush is not the end.
  flush(state);
  return finish_statement(state, seen);
}

std::string terminated(std::string_view sql) {
  if (sql.find('\0') != std::string_view::npos)
    throw Error(ErrorCode::internal, "a statement contains a NUL byte");
  return std::string(sql);
}

std::string or_empty(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Connection Connection::open(const Target& target, std::stop_token stop,
                            std::chrono::milliseconds timeout) {
  try {
    return Connection(connect(target, stop, timeout));
  } catch (const Error& error) {
    const bool may_be_pooler = error.server() && error.server()->sqlstate == "08P01";
    if (!may_be_pooler || target.settings.empty()) throw;
  }
  // PgBouncer takes no start-up options, unless it was told to ignore them.
  Target bare = target;
  bare.settings.clear();
  Connection connection(connect(bare, std::move(stop), timeout));
  connection.state_->target = target;  // preflight() sees to the settings once it knows the pooler
  return connection;
}

const std::vector<std::string>& Connection::settings_after_reset() const {
  return state_->after_reset;
}

void Connection::repeat_settings() {
  const Target& target = state_->target;
  std::vector<std::string>& statements = state_->after_reset;
  statements = {"SET client_encoding = 'UTF8'",
                "SET application_name = " + sql::quote_literal(target.application)};
  for (const auto& [name, value] : target.settings)
    statements.push_back("SET " + name + " = " + sql::quote_literal(value));
  for (const std::string& statement : statements) exec(statement);
}

Result Connection::exec(std::string_view sql) {
  return std::move(exec_all(sql).back());
}

std::vector<Result> Connection::exec_all(std::string_view sql, const ResultSeen& seen) {
  const std::string text = terminated(sql);
  return run_statement(
      *state_, [&](PGconn* conn) { return libpq().PQsendQuery(conn, text.c_str()); }, seen);
}

Result Connection::query(std::string_view sql, const std::vector<Param>& params) {
  const std::string text = terminated(sql);
  std::vector<const char*> values;
  values.reserve(params.size());
  for (const Param& param : params) values.push_back(param ? param->c_str() : nullptr);
  return std::move(run_statement(*state_, [&](PGconn* conn) {
                     return libpq().PQsendQueryParams(conn, text.c_str(),
                                                      static_cast<int>(values.size()), nullptr,
                                                      values.data(), nullptr, nullptr, 0);
                   }).back());
}

TransactionStatus Connection::transaction_status() const {
  switch (libpq().PQtransactionStatus(state_->conn.get())) {
    case PQTRANS_IDLE:
      return TransactionStatus::idle;
    case PQTRANS_ACTIVE:
      return TransactionStatus::active;
    case PQTRANS_INTRANS:
      return TransactionStatus::in_transaction;
    case PQTRANS_INERROR:
      return TransactionStatus::in_error;
    case PQTRANS_UNKNOWN:
      break;
  }
  return TransactionStatus::unknown;
}

bool Connection::alive() const {
  return !is_lost(*state_);
}
int Connection::backend_pid() const {
  return libpq().PQbackendPID(state_->conn.get());
}
int Connection::server_version() const {
  return libpq().PQserverVersion(state_->conn.get());
}
std::string Connection::database() const {
  return or_empty(libpq().PQdb(state_->conn.get()));
}
std::string Connection::user() const {
  return or_empty(libpq().PQuser(state_->conn.get()));
}
std::string Connection::host() const {
  return or_empty(libpq().PQhost(state_->conn.get()));
}

std::string Connection::parameter(const char* name) const {
  return or_empty(libpq().PQparameterStatus(state_->conn.get(), name));
}

Connection::NoticeReceiver Connection::on_notice(NoticeReceiver receiver) {
  return std::exchange(state_->notices->receiver, std::move(receiver));
}

void Connection::while_waiting(std::chrono::milliseconds every, Look look) {
  state_->vigil = {every, std::move(look)};
}

void Connection::give_up_after(std::chrono::milliseconds limit) {
  state_->limit = limit;
}

void Connection::set_stop(std::stop_token stop) {
  state_->watch(std::move(stop));
}

StopMask::StopMask(Connection& connection)
    : connection_(connection), saved_(connection.state().stop) {
  connection_.set_stop({});
}

StopMask::~StopMask() {
  connection_.set_stop(saved_);
}

}  // namespace pgpm::db
