#include "cli/render/tap.h"

#include <fmt/format.h>

#include "cli/render/json_values.h"

namespace pgpm::cli {

namespace {

/// '#' would begin a directive, a line end another line.
std::string description(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '#' || c == '\\') result += '\\';
    result += c == '\n' || c == '\r' ? ' ' : c;
  }
  return result;
}

std::string block_line(const char* name, const Json& value) {
  return fmt::format("  {}: {}\n", name, dump_line(value));
}

std::string yaml_block(const VerdictCase& verdict) {
  std::string text = "  ---\n" + block_line("message", verdict.message) +
                     block_line("severity", "fail") +
                     block_line("code", error_code_name(verdict.code));
  if (!verdict.where.file.empty()) {
    Json at{{"file", verdict.where.file}};
    if (verdict.where.line != 0) at["line"] = verdict.where.line;
    if (verdict.where.column != 0) at["column"] = verdict.where.column;
    text += block_line("at", at);
  }
  text += "  details: |\n";
  std::string line = "    ";
  for (const char c : verdict.details) {
    line += c;
    if (c != '\n') continue;
    text += line;
    line = "    ";
  }
  if (line.size() > 4) text += line + "\n";
  return text + "  ...\n";
}

}  // namespace

void TapRenderer::begin() {
  if (!has_begun_) out_.write("TAP version 13\n");
  has_begun_ = true;
}

void TapRenderer::write(const VerdictCase& verdict) {
  begin();
  const bool failed = verdict.verdict == Verdict::failed;
  std::string line = fmt::format("{} {} - {}: {}", failed ? "not ok" : "ok", ++written_,
                                 description(verdict.suite), description(verdict.name));
  if (verdict.verdict == Verdict::skipped)
    line += verdict.message.empty() ? " # SKIP" : " # SKIP " + description(verdict.message);
  out_.write(line + "\n" + (failed ? yaml_block(verdict) : ""));
}

void TapRenderer::end() {
  begin();
  out_.write(written_ == 0 ? "1..0 # SKIP nothing was tested\n" : fmt::format("1..{}\n", written_));
}

void TapRenderer::on_event(const Event& event) {
  if (const auto verdict = verdicts_.on_event(event)) write(*verdict);
}

void TapRenderer::answer(const Answer& answer) {
  std::string text;
  for (const char c : answer.text)
    text += text.empty() || text.back() == '\n' ? fmt::format("# {}", c) : std::string(1, c);
  begin();
  out_.write(text);
}

void TapRenderer::finish(int) {
  end();
}

void TapRenderer::fail(const Error& error, int) {
  for (const VerdictCase& verdict : verdicts_.on_error(error)) write(verdict);
  end();
}

}  // namespace pgpm::cli
