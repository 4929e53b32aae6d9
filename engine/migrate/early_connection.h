// See pgpm/early_connection.h.
#pragma once

#include "engine/db/opening_thread.h"
#include "pgpm/early_connection.h"

namespace pgpm {

class EarlyConnection : public db::OpeningThread {
 public:
  using OpeningThread::OpeningThread;
};

}  // namespace pgpm
