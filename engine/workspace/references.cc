#include "engine/workspace/references.h"

#include <algorithm>
#include <array>

#include "engine/text/ascii.h"
#include "engine/text/utf8.h"
#include "engine/workspace/blank.h"
#include "engine/workspace/findings.h"
#include "engine/workspace/plan_line.h"

namespace pgpm {
namespace {

/// A line being rewritten from left to right.
class Rewriting {
 public:
  explicit Rewriting(std::string_view text) : text_(text) {}

  void replace(std::size_t begin, std::size_t end, const Respell& respell) {
    if (!respell || begin >= end) return;
    const auto spelling = respell(text_.substr(begin, end - begin));
    if (!spelling) return;
    result_ += text_.substr(copied_, begin - copied_);
    result_ += *spelling;
    copied_ = end;
  }
  std::string finish() { return result_ += text_.substr(copied_); }

 private:
  std::string_view text_;
  std::string result_;
  std::size_t copied_ = 0;
};

std::string respell_list(std::string_view line, std::size_t name_begin,
                         const PlanRespelling& respelling) {
  Rewriting rewriting(line);
  const std::size_t name_end = skip_word(line, name_begin);
  rewriting.replace(name_begin, name_end, respelling.change);
  std::size_t at = skip_blanks(line, name_end);
  if (at >= line.size() || line[at] != '[') return rewriting.finish();
  const std::size_t close = std::min(line.find(']', at), line.size());
  const std::string_view upto = line.substr(0, close);
  for (at = skip_blanks(upto, at + 1); at < close; at = skip_blanks(upto, at)) {
    const std::size_t end = skip_word(upto, at);
    rewriting.replace(at + (upto[at] == '!' ? 1U : 0U), end, respelling.reference);
    at = end;
  }
  return rewriting.finish();
}

std::string respell_change_line(std::string_view line, const PlanRespelling& respelling) {
  std::size_t at = skip_blanks(line, 0);
  if (at < line.size() && line[at] == '+') at = skip_blanks(line, at + 1);
  return respell_list(line, at, respelling);
}

std::string respell_tag_line(std::string_view line, const PlanRespelling& respelling) {
  TagLine tag;
  LineProblems problems;
  if (!parse_tag(line, tag, problems) || tag.place.empty()) return std::string(line);
  Rewriting rewriting(line);
  rewriting.replace(tag.place_offset, tag.place_offset + tag.place.size(), respelling.change);
  return rewriting.finish();
}

std::string respell_pragma(std::string_view line, const PlanRespelling& respelling) {
  const PragmaLine pragma = parse_pragma(line);
  Rewriting rewriting(line);
  const std::size_t end = pragma.value_offset + pragma.value.size();
  if (pragma.name == "project") rewriting.replace(pragma.value_offset, end, respelling.project);
  if (pragma.name == "uri") rewriting.replace(pragma.value_offset, end, respelling.uri);
  return rewriting.finish();
}

std::string respell_line(std::string_view line, const PlanRespelling& respelling) {
  switch (line_kind(line)) {
    case LineKind::change:
      return respell_change_line(line, respelling);
    case LineKind::tag:
      return respell_tag_line(line, respelling);
    case LineKind::pragma:
      return respell_pragma(line, respelling);
    case LineKind::blank:
    case LineKind::comment:
      break;
  }
  return std::string(line);
}

/// Where in a comment line a name begins that we look for, and which kind it is.
enum class Mention { none, identity, reference };
Mention find_mention(std::string_view line, std::size_t& at) {
  at = line.find("--") + 2;
  while (at < line.size() && is_blank(line[at])) ++at;
  const std::string_view rest = line.substr(at);
  for (const std::string_view label : std::array<std::string_view, 2>{"requires:", "conflicts:"})
    if (istarts_with(rest, label)) {
      at += label.size();
      return Mention::reference;
    }
  for (const std::string_view verb : std::array<std::string_view, 3>{"Deploy", "Revert", "Verify"})
    if (rest.starts_with(verb) && rest.size() > verb.size() &&
        (is_blank(rest[verb.size()]) || rest[verb.size()] == ':')) {
      at += verb.size() + (rest[verb.size()] == ':' ? 1U : 0U);
      return Mention::identity;
    }
  return Mention::none;
}

std::string respell_comment(std::string_view line, const HeaderRespelling& respelling) {
  std::size_t at = 0;
  const Mention mention = find_mention(line, at);
  if (mention == Mention::none) return std::string(line);
  while (at < line.size() && is_blank(line[at])) ++at;
  std::size_t end = at;
  while (end < line.size() && !is_space(line[end])) ++end;
  Rewriting rewriting(line);
  rewriting.replace(at, end,
                    mention == Mention::identity ? respelling.identity : respelling.reference);
  return rewriting.finish();
}

}  // namespace

std::string respell_plan(const Plan& plan, const PlanRespelling& respelling) {
  const TextLines lines(plan.text);
  std::string text = plan.text.substr(0, lines.count() == 0 ? 0 : lines.offset(1));
  for (std::size_t number = 1; number <= lines.count(); ++number) {
    const std::size_t next = number < lines.count() ? lines.offset(number + 1) : plan.text.size();
    const std::string_view line = lines.line(number);
    text += respell_line(line, respelling);
    text += plan.text.substr(lines.offset(number) + line.size(),
                             next - lines.offset(number) - line.size());
  }
  return text;
}

std::string respell_header(std::string_view script, const HeaderRespelling& respelling) {
  std::string text(script.substr(0, byte_order_mark(script)));
  std::size_t at = text.size();
  while (at < script.size()) {
    const std::size_t end = std::min(script.find('\n', at), script.size() - 1) + 1;
    const std::string_view line = script.substr(at, end - at);
    const std::string_view trimmed = trim(line);
    const bool comment = trimmed.starts_with("--");
    if (!comment && !trimmed.empty() && trimmed.front() != '\\') break;
    text += comment ? respell_comment(line, respelling) : std::string(line);
    at = end;
  }
  return text += script.substr(at);
}

}  // namespace pgpm
