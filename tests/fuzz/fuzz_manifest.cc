// A manifest is read or reported, never both ways silently: bytes that are no JSON object give a
// problem.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/workspace/manifest.h"
#include "tests/fuzz/property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace pgpm::fuzz;
  const std::string text(text_of(bytes, size));
  std::vector<pgpm::Diagnostic> problems;
  pgpm::read_manifest("pgpm.json", text, problems);
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) require(!problems.empty(), "what is no object is reported");
  return 0;
}
