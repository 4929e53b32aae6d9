// A reference that is read is written such that it is read as the same again.
#include "pgpm/plan.h"
#include "tests/fuzz/property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace pgpm::fuzz;
  if (const auto ref = pgpm::ChangeRef::parse(text_of(bytes, size))) {
    const auto again = pgpm::ChangeRef::parse(ref->to_string());
    require(again.has_value(), "a written reference is one");
    require(*again == *ref, "and the same");
  }
  return 0;
}
