// ChangeRef: text to value and back. What a reference means is decided in plan.cc and
// engine/resolve.
#include <fmt/format.h>

#include <charconv>

#include "engine/workspace/names.h"
#include "pgpm/plan.h"

namespace pgpm {
namespace {

constexpr long farthest = 1'000'000'000;

bool is_module_part(std::string_view text) {
  return project_name_problem(text).empty() && text.find('@', 1) == std::string_view::npos;
}

/// Cuts ^, ^^, ^N, ~, ~~, ~N off the end of `base`. False if the number is out of range.
bool take_offset(std::string_view& base, long& offset) {
  const std::size_t digits = base.find_last_not_of("0123456789") + 1;
  if (digits == 0) return true;
  const char sign = base[digits - 1];
  if (sign != '^' && sign != '~') return true;
  long steps = 0;
  if (digits < base.size()) {
    const auto read = std::from_chars(base.data() + digits, base.data() + base.size(), steps);
    if (read.ec != std::errc() || steps > farthest) return false;
    base = base.substr(0, digits - 1);
  } else {
    const std::size_t end = base.find_last_not_of(sign) + 1;
    steps = static_cast<long>(base.size() - end);
    base = base.substr(0, end);
  }
  offset = sign == '^' ? -steps : steps;
  return true;
}

bool is_tag_part(std::string_view tag) {
  return tag == "HEAD" || tag == "ROOT" || tag_name_problem(tag, NameRules::read).empty();
}

bool take_base(std::string_view base, ChangeRef& ref) {
  if (base == "HEAD" || base == "@HEAD" || base == "ROOT" || base == "@ROOT") {
    ref.change = base.substr(base.size() - 4);
    return true;
  }
  if (is_change_id(base)) {
    ref.id = base;
    return true;
  }
  const std::size_t at = base.find('@');
  ref.change = base.substr(0, at);
  if (at == std::string_view::npos) return change_name_problem(base, NameRules::read).empty();
  ref.tag = base.substr(at + 1);
  if (!is_tag_part(ref.tag)) return false;
  return ref.change.empty() || change_name_problem(ref.change, NameRules::read).empty();
}

}  // namespace

std::optional<ChangeRef> ChangeRef::parse(std::string_view text) {
  ChangeRef ref;
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    ref.module = text.substr(0, colon);
    if (!is_module_part(ref.module)) return std::nullopt;
    text.remove_prefix(colon + 1);
  }
  if (!take_offset(text, ref.offset) || !take_base(text, ref)) return std::nullopt;
  return ref;
}

std::string ChangeRef::to_string() const {
  std::string text = module.empty() ? std::string() : module + ":";
  text += id + change;
  if (!tag.empty()) text += "@" + tag;
  if (offset == 0) return text;
  text += offset < 0 ? '^' : '~';
  const long steps = offset < 0 ? -offset : offset;
  if (steps > 1) text += std::to_string(steps);
  return text;
}

}  // namespace pgpm
