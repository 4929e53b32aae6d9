// JUnit XML in the dialect that Jenkins and GitLab read: testsuites, a testsuite per module, a
// testcase per verdict, failure or skipped inside it. Nothing beyond what the Jenkins xUnit schema
// (junit-10.xsd) knows: its plugin refuses whole reports for an attribute too much, file and line
// of a testcase among them; the place is in the text of the failure. Written at the end, because a
// suite's counts stand in front of its cases.
#pragma once

#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/render/renderer.h"
#include "cli/render/verdicts.h"

namespace pgpm::cli {

class JunitRenderer final : public Renderer {
 public:
  JunitRenderer(Output& out, std::string command, Clock clock = utc_now)
      : out_(out), command_(command), verdicts_(std::move(command)), started_(clock()) {}

  void on_event(const Event& event) override;
  void answer(const Answer&) override {}
  void finish(int exit_status) override;
  void fail(const Error& error, int exit_status) override;

 private:
  Output& out_;
  std::string command_;
  Verdicts verdicts_;
  std::string started_;
  std::vector<VerdictCase> cases_;
};

}  // namespace pgpm::cli
