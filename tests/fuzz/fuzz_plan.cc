// A plan that reads without errors can be edited: what was there stays byte by byte, what is put in
// is found again.
#include <algorithm>
#include <string>

#include "engine/workspace/plan_writer.h"
#include "pgpm/plan.h"
#include "tests/fuzz/property.h"

namespace pgpm::fuzz {
namespace {

bool has_errors(const PlanReading& reading) {
  return std::any_of(reading.diagnostics.begin(), reading.diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

void check_places(const PlanReading& reading) {
  const auto lines = static_cast<std::size_t>(
      std::count(reading.plan.text.begin(), reading.plan.text.end(), '\n'));
  for (const Diagnostic& d : reading.diagnostics)
    require(d.where.line <= lines + 1, "a problem is in a line of the plan");
  for (const Change& change : reading.plan.changes)
    require(change.line >= 1 && change.line <= lines + 1, "a change has a line of the plan");
}

void check_edits(const Plan& plan) {
  const std::size_t count = plan.changes.size();
  for (const Tag& tag : plan.tags) require(tag.change < count, "a tag has a change");
  require(without_changes(plan, count) == plan.text, "taking nothing away changes nothing");
  const std::string longer = with_change_line(plan, "fuzz_new_change");
  require(longer.compare(0, plan.text.size(), plan.text) == 0, "appending keeps what is there");
  const PlanReading again = read_plan("pgpm.plan", longer);
  require(again.plan.changes.size() == count + 1, "an appended change is read");
  require(again.plan.changes.back().name == "fuzz_new_change", "and is the last");
  if (count == 0 || plan.find_tag("fuzz_new_tag") != nullptr) return;
  const PlanReading tagged = read_plan(
      "pgpm.plan",
      with_tag_line(plan, count - 1, "@fuzz_new_tag 2024-01-15T10:00:00Z A <a@example.com>"));
  const Tag* tag = tagged.plan.find_tag("fuzz_new_tag");
  require(tag != nullptr && tag->change == count - 1, "a tag is on the change it was put on");
}

}  // namespace
}  // namespace pgpm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace pgpm::fuzz;
  const pgpm::PlanReading reading = pgpm::read_plan("pgpm.plan", std::string(text_of(bytes, size)));
  check_places(reading);
  if (!has_errors(reading)) check_edits(reading.plan);
  return 0;
}
