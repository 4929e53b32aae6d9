// The one seam between doing and telling.
#pragma once

#include "pgpm/event.h"

namespace pgpm {

/// Listens to a run. Called in order, on the thread that runs the verb; must not call back into the
/// engine. May throw only when its output can no longer be written: the run then stops as if
/// interrupted.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_event(const Event& event) = 0;
};

/// Listens and says nothing.
class SilentObserver final : public Observer {
 public:
  void on_event(const Event&) override {}
};

}  // namespace pgpm
