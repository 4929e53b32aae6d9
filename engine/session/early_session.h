// See begin_session() in pgpm/session.h.
#pragma once

#include "engine/db/opening_thread.h"
#include "pgpm/session.h"

namespace pgpm {

/// Its connection has passed preflight and holds the session's objects, not yet committed, if
/// has_open_session_objects() says so. What else went wrong on the way goes wrong again, and is
/// told, when whoever took it tries that.
class EarlySession : public db::OpeningThread {
 public:
  using OpeningThread::OpeningThread;
};

}  // namespace pgpm
