// A ledger may hold anything in its columns (rows by others, by hand): the snapshot takes all of
// it. The input is the rows, lines of columns parted by tabs.
#include <libpq-fe.h>

#include <array>
#include <string>
#include <string_view>

#include "engine/registry/registry.h"
#include "tests/fuzz/property.h"

namespace pgpm::fuzz {
namespace {

constexpr int columns = 9;

void set_columns(PGresult* result) {
  std::array<std::string, columns> names;
  std::array<PGresAttDesc, columns> descriptions{};
  for (std::size_t i = 0; i < columns; ++i) {
    names[i] = "c" + std::to_string(i);
    descriptions[i].name = names[i].data();
  }
  PQsetResultAttrs(result, columns, descriptions.data());
}

std::string_view take(std::string_view& rest, char end) {
  const std::size_t at = std::min(rest.find(end), rest.size());
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

void set_rows(PGresult* result, std::string_view text) {
  for (int row = 0; !text.empty(); ++row) {
    std::string_view line = take(text, '\n');
    for (int column = 0; column < columns; ++column) {
      std::string value(take(line, '\t'));
      const bool null = value == "\\N";
      PQsetvalue(result, row, column, null ? nullptr : value.data(),
                 null ? -1 : static_cast<int>(value.size()));
    }
  }
}

}  // namespace
}  // namespace pgpm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace pgpm::fuzz;
  PGresult* raw = PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK);
  const pgpm::db::Result rows(raw);
  set_columns(raw);
  set_rows(raw, text_of(bytes, size));
  try {
    const pgpm::RegistryState state = pgpm::registry::state_of_rows(rows);
    for (const pgpm::DeployedChange& change : state.changes)
      require(state.find(change.package, change.name) != nullptr, "a deployed change is found");
  } catch (const pgpm::Error&) {  // a number that is none
  }
  return 0;
}
