#include <fmt/format.h>

#include "engine/migrate/opening.h"
#include "engine/registry/history.h"
#include "pgpm/status.h"

namespace pgpm {

std::vector<HistoryEntry> history(const Target& target, const std::vector<std::string>& packages,
                                  std::size_t limit, std::stop_token stop) {
  db::Connection connection = open_for_reading(target, std::move(stop));
  return registry::read_history(connection, packages, limit);
}

}  // namespace pgpm
