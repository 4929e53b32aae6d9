#include "cli/render/blockers.h"

#include <fmt/format.h>

#include "cli/style.h"
#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

std::string what_happened(const std::string& sqlstate) {
  if (sqlstate == "40P01") return "gave way in a deadlock";
  if (sqlstate == "40001") return "gave way to another transaction";
  return "did not get a lock in time";
}

std::string what_missed(const LockMissed& miss) {
  if (miss.module.empty()) return "the transaction";
  return miss.change.empty() ? miss.module : miss.module + ":" + miss.change;
}

}  // namespace

std::string show_blocker(const Blocker& blocker) {
  std::string text =
      blocker.pid == 0 ? std::string("no session") : fmt::format("pid {}", blocker.pid);
  if (!blocker.user.empty()) text += ", user " + blocker.user;
  if (!blocker.application.empty()) text += ", application " + blocker.application;
  if (!blocker.state.empty()) text += ", " + blocker.state;
  if (blocker.transaction_age.count() > 0)
    text +=
        fmt::format(", in its transaction for {}", show_duration(blocker.transaction_age.count()));
  if (!blocker.query_start.empty()) text += ", query since " + blocker.query_start;
  if (!blocker.query.empty()) text += ": " + blocker.query;
  return clean(text);
}

std::string show_blockers(const std::vector<Blocker>& blockers, const std::string& indent) {
  std::string text;
  for (const Blocker& blocker : blockers)
    text += fmt::format("{}in the way: {}\n", indent, show_blocker(blocker));
  return text;
}

std::string show_miss(const LockMissed& miss) {
  const std::string next =
      miss.next_pause ? fmt::format("; again in {}", show_duration(miss.next_pause->count()))
                      : std::string("; not tried again");
  return fmt::format("{} {} (attempt {}, {} so far){}", clean(what_missed(miss)),
                     what_happened(miss.sqlstate), miss.attempt, show_duration(miss.waited.count()),
                     next);
}

std::string show_eviction(const BlockerEvicted& eviction) {
  const Blocker& blocker = eviction.blocker;
  const std::string who = fmt::format(
      "pid {}{}", blocker.pid, blocker.application.empty() ? "" : ", " + blocker.application);
  const std::string what = !eviction.refusal.empty() ? "the server refused: " + eviction.refusal
                           : eviction.session_ended  ? std::string("its session was ended")
                                                     : std::string("its query was cancelled");
  return clean(fmt::format("{} ({}): {}", who, blocker.state, what));
}

}  // namespace pgpm::cli
