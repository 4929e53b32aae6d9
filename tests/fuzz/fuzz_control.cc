// Any bytes are read, and a new `requires` written into them is what is read back.
#include <string>
#include <vector>

#include "engine/text/utf8.h"
#include "engine/workspace/control_file.h"
#include "tests/fuzz/property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace pgpm::fuzz;
  const std::string text(text_of(bytes, size));
  pgpm::read_control("app.control", text);
  const std::vector<std::string> wanted{"alpha", "beta-2"};
  const std::string edited = pgpm::with_requires(text, wanted);
  require(pgpm::with_requires(edited, wanted) == edited, "the same edit twice changes nothing");
  const pgpm::ControlReading again = pgpm::read_control("app.control", edited);
  if (!pgpm::find_invalid_utf8(text))
    require(again.control.requires_modules == wanted, "what was written is read back");
  return 0;
}
