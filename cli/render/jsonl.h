// One JSON object per line, as it happens: every event of a run, then `error` if it failed. For
// programs that follow.
#pragma once

#include "cli/output.h"
#include "cli/render/renderer.h"

namespace pgpm::cli {

class JsonLinesRenderer final : public Renderer {
 public:
  JsonLinesRenderer(Output& out, std::string command, Clock clock = utc_now)
      : out_(out), command_(std::move(command)), clock_(clock) {}

  void on_event(const Event& event) override;
  void answer(const Answer& answer) override;
  void finish(int) override {}
  void fail(const Error& error, int exit_status) override;

 private:
  Output& out_;
  std::string command_;
  Clock clock_;
  std::string failed_module_, failed_change_;
};

}  // namespace pgpm::cli
