#include "cli/render/jsonl.h"

#include <sys/time.h>

#include <ctime>

#include <fmt/chrono.h>

#include "cli/render/json_values.h"

namespace pgpm::cli {

std::string utc_now() {
  timeval now{};
  ::gettimeofday(&now, nullptr);
  tm parts{};
  ::gmtime_r(&now.tv_sec, &parts);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", parts, now.tv_usec / 1000);
}

void JsonLinesRenderer::on_event(const Event& event) {
  const auto* finished = std::get_if<ChangeFinished>(&event);
  if (finished != nullptr && finished->outcome != Outcome::ok) {
    failed_module_ = finished->module;
    failed_change_ = finished->change;
  }
  out_.write(dump_line(to_json(event, clock_())) + "\n");
}

void JsonLinesRenderer::answer(const Answer& answer) {
  if (answer.lines.empty() && !answer.document.empty())
    out_.write(dump_line(Json::parse(answer.document)) + "\n");
  for (const std::string& line : answer.lines) out_.write(line + "\n");
}

void JsonLinesRenderer::fail(const Error& error, int exit_status) {
  Failure failure = Failure::of(error, command_);
  failure.module = failed_module_;
  failure.change = failed_change_;
  Json line{{"event", "error"}, {"time", clock_()}, {"command", command_}};
  line.update(to_json(failure, exit_status));
  out_.write(dump_line(line) + "\n");
}

}  // namespace pgpm::cli
