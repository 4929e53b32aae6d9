// GitHub workflow commands: findings and failures become annotations on the lines they are about.
#pragma once

#include "cli/output.h"
#include "cli/render/renderer.h"

namespace pgpm::cli {

class GithubRenderer final : public Renderer {
 public:
  GithubRenderer(Output& out, std::string command) : out_(out), command_(std::move(command)) {}

  void on_event(const Event& event) override;
  void answer(const Answer& answer) override;
  void finish(int) override {}
  void fail(const Error& error, int exit_status) override;

 private:
  void annotate(const char* level, const SourceLocation& where, const std::string& title,
                const std::string& message);
  void annotate_miss(const LockMissed& miss);
  void annotate_check(const CheckFinished& check);

  Output& out_;
  std::string command_;
  std::vector<int> told_blockers_;
  bool has_failed_check_ = false;
};

}  // namespace pgpm::cli
