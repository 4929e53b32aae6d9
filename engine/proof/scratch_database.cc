#include "engine/proof/scratch_database.h"

#include <fmt/format.h>

#include <random>
#include <utility>

#include "engine/db/admin.h"
#include "engine/db/conninfo.h"
#include "engine/sql/quote.h"

namespace pgpm::proof {

namespace {

std::string random_name() {
  std::random_device source;
  return fmt::format("pgpm_scratch_{:08x}{:08x}", source(), source());
}

}  // namespace

// template0: what somebody put into template1 is not ours to prove.
ScratchDatabase::ScratchDatabase(const Target& server, std::stop_token stop)
    : target_(db::with_dsn_apart(server).with_database(random_name())) {
  target_.settings.emplace_back("synchronous_commit", "off");
  db::open_maintenance(server, std::move(stop))
      .exec(fmt::format("CREATE DATABASE {} TEMPLATE template0",
                        sql::quote_identifier(target_.database)));
}

ScratchDatabase::~ScratchDatabase() {
  try {
    db::drop_database(target_, {});
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the server is gone, and it with it
  }
}

}  // namespace pgpm::proof
