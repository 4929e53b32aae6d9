#include "cli/render/session.h"

#include <fmt/format.h>

#include "pgpm/target.h"

namespace pgpm::cli {

std::string show_plain_notice(const ServerMessage& message, const Style& style) {
  std::string text;
  if (message.severity == "WARNING") text += style.yellow("warning:") + " ";
  text += printable(redact(message.message)) + "\n";
  if (!message.detail.empty()) text += "DETAIL: " + printable(redact(message.detail)) + "\n";
  if (!message.hint.empty()) text += "HINT: " + printable(redact(message.hint)) + "\n";
  return text;
}

std::string session_summary(const SessionLoaded& session, const RunFinished& run,
                            const Style& style) {
  std::string text = fmt::format("{} {}: {} loaded", style.green("Deployed"),
                                 printable(session.project), count(session.files, "file"));
  if (session.test_macros > 0) text += fmt::format(", {} passed", count(run.done, "check"));
  return text + fmt::format(", in {}.\n", show_duration(run.duration.count()));
}

}  // namespace pgpm::cli
