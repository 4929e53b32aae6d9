#include "engine/workspace/git_config.h"

#include <utility>

#include "engine/text/ascii.h"
#include "engine/workspace/findings.h"
#include "pgpm/target.h"

namespace pgpm {
namespace {

class ConfigReader {
 public:
  ConfigReader(const std::string& file, std::string_view text, GitSettings& settings)
      : file_(file), lines_(text), findings_(file, lines_), settings_(settings) {}

  void read() {
    for (line_ = 1; line_ <= lines_.count(); ++line_) read_line(trim(lines_.line(line_)));
  }
  std::vector<Diagnostic> take() {
    std::vector<Diagnostic> found = findings_.take();
    for (Diagnostic& diagnostic : found)
      diagnostic.source_line = redact(std::move(diagnostic.source_line));
    return found;
  }

 private:
  void read_line(std::string_view line) {
    if (line.empty() || line.front() == '#' || line.front() == ';') return;
    if (line.front() == '[')
      read_section(line);
    else
      read_setting(line);
  }

  /// [section], [section "sub-section"]; a setting may follow on the same line.
  void read_section(std::string_view line) {
    std::string subsection;
    bool quoted = false, has_subsection = false;
    std::size_t at = 1, name_end = line.npos;
    for (; at < line.size() && (quoted || line[at] != ']'); ++at) {
      if (line[at] == '"') {
        quoted = !quoted;
        has_subsection = true;
        if (name_end == line.npos) name_end = at;
      } else if (quoted) {
        if (line[at] == '\\' && at + 1 < line.size()) ++at;
        subsection += line[at];
      }
    }
    if (at == line.size()) {
      findings_.add(Severity::error, line_, 1, "this section is not closed with a ']'");
      return;
    }
    section_ = lower_case(trim(line.substr(1, std::min(name_end, at) - 1)));
    if (has_subsection) section_ += '.' + subsection;
    read_line(trim(line.substr(at + 1)));
  }

  void read_setting(std::string_view line) {
    const std::size_t equals = line.find('=');
    const bool is_switch = equals == line.npos;
    const std::string written(trim(line.substr(0, is_switch ? line.find_first_of("#;") : equals)));
    const std::string key = lower_case(written);
    if (section_.empty() || key.empty()) {
      findings_.add(Severity::error, line_, 1, "this setting stands in no section");
      return;
    }
    GitSetting& setting =
        settings_.try_emplace(section_ + '.' + key, GitSetting{written, {}, {}}).first->second;
    setting.where = {file_, line_, 0};
    setting.value = is_switch ? "true" : value_of(trim(line.substr(equals + 1)));
  }

  /// A backslash at the end of a line takes the next one along.
  std::string value_of(std::string_view text) {
    std::string value;
    bool quoted = false;
    std::size_t kept = 0;  // blanks at the end count only inside of quotes
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char c = text[at];
      if (!quoted && (c == '#' || c == ';')) break;
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && at + 1 == text.size() && line_ < lines_.count()) {
        text = lines_.line(++line_);
        at = std::string_view::npos;  // the loop goes on with the first character
      } else if (c == '\\' && at + 1 < text.size()) {
        const char next = text[++at];
        value += next == 'n' ? '\n' : next == 't' ? '\t' : next;
        kept = value.size();
      } else {
        value += c;
        if (quoted || !is_space(c)) kept = value.size();
      }
    }
    value.resize(kept);
    return value;
  }

  const std::string& file_;
  const TextLines lines_;
  Findings findings_;
  GitSettings& settings_;
  std::string section_;
  std::size_t line_ = 0;
};

}  // namespace

void read_git_config(const std::string& file, std::string_view text, GitSettings& settings,
                     std::vector<Diagnostic>& diagnostics) {
  ConfigReader reader(file, text, settings);
  reader.read();
  for (Diagnostic& diagnostic : reader.take()) diagnostics.push_back(std::move(diagnostic));
}

}  // namespace pgpm
