// All renderings of one command: what --format asks for on the standard streams, and one per
// --report FORMAT=FILE.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/render/renderer.h"
#include "cli/render/text.h"

namespace pgpm::cli {

struct ReportRequest {
  std::string format = "text";
  std::vector<std::string> files;  ///< "json=out.json"
  Verbosity verbosity = Verbosity::normal;
  std::string command;
};

class Reports final : public Renderer {
 public:
  /// Opens the files. Throws Error(usage) for a report that is not FORMAT=FILE, Error(other) if a
  /// file cannot be written.
  Reports(const ReportRequest& request, Output& out, Output& err, const Terminal& terminal);

  void on_event(const Event& event) override;
  void answer(const Answer& answer) override;
  void finish(int exit_status) override;
  void fail(const Error& error, int exit_status) override;

 private:
  void add(const std::string& format, Output& out, Output& err, const Terminal& terminal,
           const ReportRequest& request);

  Terminal plain_;  ///< how to write text into a file
  std::string format_, command_;
  Output& err_;
  const Terminal terminal_;
  std::vector<std::unique_ptr<Output>> files_;
  std::vector<std::unique_ptr<Renderer>> renderers_;  ///< the first one is that of --format
};

}  // namespace pgpm::cli
