#include "cli/snapshot_options.h"

#include <algorithm>

namespace pgpm::cli {

std::vector<Option> with_snapshot_options(std::vector<Option> own) {
  own.push_back({"cluster", 0, OptionKind::flag, "",
                 "also what belongs to the whole server: roles, memberships, tablespaces"});
  own.push_back({"exclude-schema", 0, OptionKind::many_values, "SCHEMA",
                 "leave this schema out, with all that is in it"});
  return own;
}

SnapshotOptions snapshot_options_of(const Arguments& arguments) {
  SnapshotOptions options;
  if (arguments.is_on("cluster")) options.cluster = ClusterObjects::include;
  options.exclude_schemas = arguments.values("exclude-schema");
  std::ranges::sort(options.exclude_schemas);
  const auto repeated = std::ranges::unique(options.exclude_schemas);
  options.exclude_schemas.erase(repeated.begin(), repeated.end());
  return options;
}

}  // namespace pgpm::cli
