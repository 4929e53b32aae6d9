// Parameters whose values nobody may see: what a run tells and throws says "***" instead, whatever
// text of the server they came back in.
#pragma once

#include <string>
#include <vector>

#include "pgpm/observer.h"
#include "pgpm/session.h"

namespace pgpm {

class Secrets {
 public:
  /// Of parameters that sound secret (password, token, key ...) or are named in `secret`; `checked`
  /// as checked_parameters() returns them. Values that every other sentence holds are left out:
  /// true, false, and those of less than four bytes.
  Secrets(const SessionParameters& checked, const std::vector<std::string>& secret);

  /// Also where a value is quoted as a literal or in JSON, or cut off behind its first 16 bytes.
  std::string without(std::string text) const;
  ServerMessage without(ServerMessage message) const;
  Error without(const Error& error) const;

 private:
  Diagnostic without(Diagnostic diagnostic) const;
  friend class DiscreetObserver;

  std::vector<std::string> values_;  ///< in all their forms
};

/// Passes on what it is told, without the secrets. Both must outlive it.
class DiscreetObserver final : public Observer {
 public:
  DiscreetObserver(Observer& observer, const Secrets& secrets)
      : observer_(observer), secrets_(secrets) {}
  void on_event(const Event& event) override;

 private:
  Observer& observer_;
  const Secrets& secrets_;
};

}  // namespace pgpm
