#include "engine/migrate/early_connection.h"

#include <utility>

#include "engine/db/conninfo.h"
#include "engine/migrate/opening.h"

namespace pgpm {

std::shared_ptr<EarlyConnection> connect_early(const Target& target, const RunOptions& options,
                                               std::stop_token stop) {
  if (!db::is_on_this_machine(target)) return nullptr;
  return std::make_shared<EarlyConnection>(
      [target, options](std::stop_token given_up) {
        return open_for_writing(target, options, std::move(given_up));
      },
      std::move(stop));
}

}  // namespace pgpm
