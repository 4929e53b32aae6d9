#include "engine/db/connect_retry.h"

#include <algorithm>
#include <cerrno>
#include <random>
#include <string_view>
#include <system_error>

#include "engine/db/pauses.h"

namespace pgpm::db {

namespace {

bool is_transient_state(std::string_view sqlstate) {
  if (sqlstate == "57014" || sqlstate == "57P04") return false;
  for (std::string_view one : {"40001", "40P01", "55P03"})
    if (sqlstate == one) return true;
  for (std::string_view of_class : {"08", "53", "57"})
    if (sqlstate.starts_with(of_class)) return true;
  return false;
}

/// Without a server's answer there is libpq's text only, which ends with the system's word for its
/// error; neither is translated, since nobody calls setlocale. A socket that is not there yet is a
/// server that is not.
bool tells_of_network(std::string_view text) {
  for (const int error : {ECONNREFUSED, ECONNRESET, ECONNABORTED, EPIPE, EHOSTUNREACH, ENETUNREACH,
                          ENETDOWN, ETIMEDOUT, ENOENT})
    if (text.find(std::generic_category().message(error)) != std::string_view::npos) return true;
  return text.find("server closed the connection unexpectedly") != std::string_view::npos;
}

/// libpq says these with the same words of the system.
bool tells_of_files(std::string_view text) {
  for (std::string_view word : {"certificate", "private key", "service file", "passfile"})
    if (text.find(word) != std::string_view::npos) return true;
  return false;
}

std::chrono::milliseconds jittered(std::chrono::milliseconds length) {
  static thread_local std::minstd_rand random(std::random_device{}());
  return length * static_cast<int>(random() % 21U + 90U) / 100;
}

}  // namespace

bool is_transient(const Error& failure) {
  if (failure.server() && !failure.server()->sqlstate.empty())
    return is_transient_state(failure.server()->sqlstate);
  return failure.code() == ErrorCode::connection && tells_of_network(failure.what()) &&
         !tells_of_files(failure.what());
}

Connection open_patiently(const std::function<Connection()>& open, const ConnectRetries& retries,
                          const std::stop_token& stop, const ConnectMissed& missed) {
  std::chrono::milliseconds length = retries.first_pause;
  for (int attempt = 1;; ++attempt) {
    try {
      return open();
    } catch (const Error& failure) {
      if (attempt > retries.most || !is_transient(failure)) throw;
      if (missed) missed(failure, attempt + 1);
    }
    wait_out(std::min(jittered(length), retries.longest_pause), stop);
    length = std::min(length * 2, retries.longest_pause);
  }
}

}  // namespace pgpm::db
