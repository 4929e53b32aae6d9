// One session deploy per database at a time, shared with pgmi: the same advisory lock.
#pragma once

#include "engine/db/connection.h"

namespace pgpm {

/// Held until destroyed or the session ends. The connection must outlive it.
class DeployLock {
 public:
  /// Does not wait: throws Error(lock_held) if another session has it.
  explicit DeployLock(db::Connection& connection);
  ~DeployLock();
  DeployLock(const DeployLock&) = delete;
  DeployLock& operator=(const DeployLock&) = delete;

 private:
  db::Connection& connection_;
};

}  // namespace pgpm
