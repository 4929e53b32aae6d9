// Keeps every event of a run, for tests to look at.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pgpm/observer.h"

namespace pgpm::tests {

class RecordingObserver final : public Observer {
 public:
  void on_event(const Event& event) override {
    events.push_back(event);
    if (act) act(event);
  }

  /// event_name() of each, in order.
  std::vector<std::string> names() const;
  /// All events of one kind.
  template <class Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const Event& event : events)
      if (const Kind* kind = std::get_if<Kind>(&event)) found.push_back(*kind);
    return found;
  }

  std::vector<Event> events;
  std::function<void(const Event&)> act;  ///< does something at each event, if set
};

}  // namespace pgpm::tests
