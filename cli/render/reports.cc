#include "cli/render/reports.h"

#include <fmt/format.h>

#include "cli/render/failure.h"
#include "cli/render/github.h"
#include "cli/render/json.h"
#include "cli/render/jsonl.h"
#include "cli/render/junit.h"
#include "cli/render/tap.h"

namespace pgpm::cli {

Reports::Reports(const ReportRequest& request, Output& out, Output& err, const Terminal& terminal)
    : format_(request.format), command_(request.command), err_(err), terminal_(terminal) {
  add(request.format, out, err, terminal, request);
  for (const std::string& report : request.files) {
    const std::size_t equals = report.find('=');
    if (equals == std::string::npos || equals + 1 == report.size())
      throw Error(ErrorCode::usage, fmt::format("--report {} names no file", report))
          .hint("Write it as FORMAT=FILE, for example --report json=run.json.");
    files_.push_back(std::make_unique<FileOutput>(report.substr(equals + 1)));
    add(report.substr(0, equals), *files_.back(), *files_.back(), plain_, request);
  }
}

void Reports::add(const std::string& format, Output& out, Output& err, const Terminal& terminal,
                  const ReportRequest& request) {
  if (format == "json")
    renderers_.push_back(std::make_unique<JsonRenderer>(out, command_));
  else if (format == "jsonl")
    renderers_.push_back(std::make_unique<JsonLinesRenderer>(out, command_));
  else if (format == "github")
    renderers_.push_back(std::make_unique<GithubRenderer>(out, command_));
  else if (format == "junit")
    renderers_.push_back(std::make_unique<JunitRenderer>(out, command_));
  else if (format == "tap")
    renderers_.push_back(std::make_unique<TapRenderer>(out, command_));
  else
    renderers_.push_back(
        std::make_unique<TextRenderer>(out, err, terminal, request.verbosity, command_));
}

void Reports::on_event(const Event& event) {
  for (const auto& renderer : renderers_) renderer->on_event(event);
}

void Reports::answer(const Answer& answer) {
  for (const auto& renderer : renderers_) renderer->answer(answer);
}

void Reports::finish(int exit_status) {
  for (const auto& renderer : renderers_) renderer->finish(exit_status);
}

void Reports::fail(const Error& error, int exit_status) {
  std::string not_written;
  for (const auto& renderer : renderers_) {
    // One rendering that cannot be written must not take the others with it.
    try {
      renderer->fail(error, exit_status);
    } catch (const Error& e) {
      not_written += fmt::format("error: {}\n", e.what());
    }
  }
  // A person looking at the terminal wants the failure in words even if stdout is for a program.
  if (format_ != "text" || !not_written.empty())
    err_.write(not_written + (format_ == "text"
                                  ? ""
                                  : show_failure(Failure::of(error, command_), terminal_.err)));
}

}  // namespace pgpm::cli
