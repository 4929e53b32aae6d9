// What the header points at is in the text.
#include <string_view>
#include <vector>

#include "engine/sql/script_header.h"
#include "tests/fuzz/property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace pgpm::fuzz;
  const std::string_view text = text_of(bytes, size);
  std::vector<pgpm::sql::UnknownDirective> unknown;
  const pgpm::sql::ScriptHeader header = pgpm::sql::read_script_header(text, 0, unknown);
  require(header.change.empty() ||
              text.compare(header.change_offset, header.change.size(), header.change) == 0,
          "the change's name stands where the header says");
  for (const auto& directive : unknown)
    require(text.compare(directive.offset, directive.word.size(), directive.word) == 0,
            "an unknown directive stands where it is reported");
  return 0;
}
