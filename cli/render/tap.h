// TAP (https://testanything.org/tap-version-14-specification.html): a line per verdict as it comes,
// the plan at the end. What a failure says stands in its YAML block, whose values are written as
// JSON, which is YAML. It is valid TAP 14, but says 13, of which it is a part: Debian's prove
// refuses higher numbers.
#pragma once

#include <string>

#include "cli/output.h"
#include "cli/render/renderer.h"
#include "cli/render/verdicts.h"

namespace pgpm::cli {

class TapRenderer final : public Renderer {
 public:
  TapRenderer(Output& out, std::string command) : out_(out), verdicts_(std::move(command)) {}

  void on_event(const Event& event) override;
  void answer(const Answer& answer) override;
  void finish(int exit_status) override;
  void fail(const Error& error, int exit_status) override;

 private:
  void write(const VerdictCase& verdict);
  void begin();
  void end();

  Output& out_;
  Verdicts verdicts_;
  std::size_t written_ = 0;
  bool has_begun_ = false;
};

}  // namespace pgpm::cli
