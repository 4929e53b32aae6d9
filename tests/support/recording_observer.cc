#include "tests/support/recording_observer.h"

namespace pgpm::tests {

std::vector<std::string> RecordingObserver::names() const {
  std::vector<std::string> found;
  for (const Event& event : events) found.emplace_back(event_name(event));
  return found;
}

}  // namespace pgpm::tests
