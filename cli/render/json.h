// One JSON document at the end of the command: what a run did, or an answer, or an error.
#pragma once

#include "cli/output.h"
#include "cli/render/json_values.h"
#include "cli/render/renderer.h"

namespace pgpm::cli {

class JsonRenderer final : public Renderer {
 public:
  JsonRenderer(Output& out, std::string command) : out_(out), command_(std::move(command)) {}

  void on_event(const Event& event) override;
  void answer(const Answer& answer) override;
  void finish(int exit_status) override;
  void fail(const Error& error, int exit_status) override;

 private:
  void collect(const RunStarted& event);
  void collect(const RunFinished& event);
  void collect(const ChangeFinished& event);
  void collect(const SessionLoaded& event);
  void collect(const UnitFinished& event);
  void write_run(int exit_status);

  Output& out_;
  std::string command_;
  Json run_ = Json::object();  ///< the run's own members
  Json lists_ = Json::object();
  std::string failed_module_, failed_change_;
  bool has_answered_ = false;
};

}  // namespace pgpm::cli
