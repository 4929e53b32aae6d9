// Settings that make a server fast and forgetful: for tests and development, where a crash may cost
// the data. They go to postgresql.auto.conf by ALTER SYSTEM and hold for the whole server, for all
// its databases. One connection, one thread.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "pgpm/target.h"

namespace pgpm {

enum class Tuning {
  fast_and_forgetful,  ///< no fsync, no synchronous commits, rare checkpoints
  as_before,           ///< the entries are taken out of postgresql.auto.conf
};

struct TunedSetting {
  std::string name, before, after;  ///< as SHOW gives them
};

/// The settings and the values that would be given to them, before as they are now.
std::vector<TunedSetting> plan_tuning(const Target& target, Tuning tuning, std::stop_token stop);

/// Sets them, has the server read its files again, and tells what holds now. Throws Error(sql) that
/// names the missing right (superuser, or ALTER SYSTEM on each from 15 on), Error(connection).
std::vector<TunedSetting> tune(const Target& target, Tuning tuning, std::stop_token stop);

}  // namespace pgpm
