// A control file's requires, checked with the whole workspace before it is written.
#include <fmt/format.h>

#include "engine/text/file.h"
#include "engine/workspace/control_file.h"
#include "engine/workspace/names.h"
#include "pgpm/authoring.h"
#include "pgpm/resolve.h"

namespace pgpm {

void set_requirements(const Workspace& workspace, const Module& module,
                      const std::vector<std::string>& names) {
  check_required_names(names, module.name);
  const auto file = module.dir / (module.name + ".control");
  const auto text = read_regular_file(file);
  if (!text)
    throw Error(ErrorCode::configuration, fmt::format("{} does not exist", shown_path(file)))
        .hint("pgpm init makes a module with a control file");
  Workspace changed = workspace;
  for (Module& candidate : changed.modules)
    if (candidate.dir == module.dir) candidate.control.requires_modules = names;
  resolve(changed, {});  // throws for a cycle
  replace_file(file, with_requires(*text, names));
}

}  // namespace pgpm
