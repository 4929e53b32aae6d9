#include "engine/migrate/early_connection.h"

#include <string>
#include <utility>

#include "engine/db/conninfo.h"
#include "engine/migrate/opening.h"

namespace pgpm {

namespace {

bool is_on_this_machine(const Target& target) {
  const std::string host = db::effective_parameter(db::connection_parameters(target), "host");
  return host.empty() || host.front() == '/';
}

}  // namespace

EarlyConnection::EarlyConnection(const Target& target, const RunOptions& options,
                                 std::stop_token stop)
    : on_stop_(std::move(stop), RequestStop{stop_}),
      opening_(std::async(std::launch::async, [target, options, stop = stop_.get_token()] {
        return open_for_writing(target, options, stop);
      })) {}

EarlyConnection::~EarlyConnection() {
  stop_.request_stop();
}

db::Connection EarlyConnection::take(std::stop_token stop) {
  on_stop_of_verb_.emplace(std::move(stop), RequestStop{stop_});
  return opening_.get();
}

std::shared_ptr<EarlyConnection> connect_early(const Target& target, const RunOptions& options,
                                               std::stop_token stop) {
  if (!is_on_this_machine(target)) return nullptr;
  return std::make_shared<EarlyConnection>(target, options, std::move(stop));
}

}  // namespace pgpm
