#include "engine/migrate/to_option.h"

#include <fmt/format.h>

namespace pgpm {

ChangeRef parse_to(const Module& module, const std::string& to) {
  const std::optional<ChangeRef> ref = ChangeRef::parse(to);
  if (!ref) {
    throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no change reference", to))
        .hint(
            "write a change name, @tag, change@tag, HEAD or ROOT, with ^ or ~ behind it to step "
            "back or forth");
  }
  if (!ref->module.empty() && !module.is_called(ref->module)) {
    throw Error(ErrorCode::configuration,
                fmt::format("--to {} names the module {}, but {} is what this run is about", to,
                            ref->module, module.package));
  }
  return *ref;
}

std::size_t resolve_to(const Module& module, const std::string& to) {
  return module.plan.resolve(parse_to(module, to), Plan::Ambiguity::refuse);
}

}  // namespace pgpm
