// How changes and managed objects share transactions.
#include "engine/migrate/unit.h"

#include <catch2/catch.hpp>

using namespace pgpm;

namespace {

const char* word(Unit::Kind kind) {
  switch (kind) {
    case Unit::Kind::begin:
      return "(";
    case Unit::Kind::commit:
      return ")";
    case Unit::Kind::step:
      return "step";
    case Unit::Kind::guarded:
      return "guarded";
    case Unit::Kind::alone:
      return "alone";
    case Unit::Kind::objects:
      return "objects";
    case Unit::Kind::objects_back:
      return "back";
    case Unit::Kind::objects_gone:
      return "gone";
    case Unit::Kind::module_head:
      return "";
    default:
      return "other";
  }
}

/// "( guarded objects )"
std::string layout(const PreparedRun& run, TransactionScope scope) {
  std::string text;
  for (const Unit& unit : lay_out(run, scope)) {
    const std::string next = word(unit.kind);
    if (!next.empty()) text += (text.empty() ? "" : " ") + next;
  }
  return text;
}

PreparedModule module_of(const std::string& kinds, Action action = Action::deploy) {
  PreparedModule module;
  module.module = "m";
  for (const char kind : kinds) {
    PreparedStep& step = module.steps.emplace_back();
    step.step.action = action;
    step.step.transactional = kind == 't';
  }
  return module;
}

PreparedObjects prepared_objects(bool are_recorded, PreparedObjects::End end) {
  PreparedObjects prepared;
  prepared.are_recorded = are_recorded;
  prepared.end = end;
  return prepared;
}

constexpr auto as_declared = PreparedObjects::End::as_declared;
constexpr auto as_they_were = PreparedObjects::End::as_they_were;

}  // namespace

TEST_CASE("without managed objects nothing is laid out for them", "[unit]") {
  PreparedRun run;
  run.modules = {module_of("tt")};
  CHECK(layout(run, TransactionScope::module) == "( step step )");
}

TEST_CASE("objects end the module's transaction", "[unit]") {
  PreparedRun run;
  run.modules = {module_of("tt")};
  run.modules[0].objects = prepared_objects(false, as_declared);
  CHECK(layout(run, TransactionScope::module) == "( step step objects )");
  run.modules[0].objects = prepared_objects(true, as_declared);
  CHECK(layout(run, TransactionScope::module) == "( guarded guarded objects )");
  run.modules[0].steps.clear();
  CHECK(layout(run, TransactionScope::module) == "( objects )");
}

TEST_CASE("no transaction ends with objects missing that it dropped", "[unit]") {
  PreparedRun run;
  run.modules = {module_of("tt")};
  run.modules[0].objects = prepared_objects(true, as_declared);
  CHECK(layout(run, TransactionScope::change) == "( guarded back ) ( guarded back ) ( objects )");
  run.modules = {module_of("tat")};
  run.modules[0].objects = prepared_objects(true, as_declared);
  CHECK(layout(run, TransactionScope::module) == "( guarded back ) alone ( guarded objects )");
  CHECK(layout(run, TransactionScope::run) == "( guarded back ) alone ( guarded objects )");
  run.modules[0].objects = prepared_objects(true, as_they_were);
  CHECK(layout(run, TransactionScope::module) == "( guarded back ) alone ( guarded back )");
}

TEST_CASE("each module of a run puts its own objects back", "[unit]") {
  PreparedRun run;
  run.modules = {module_of("t"), module_of("t"), module_of("t")};
  run.modules[0].objects = prepared_objects(true, as_they_were);
  run.modules[1].objects = prepared_objects(true, as_declared);
  CHECK(layout(run, TransactionScope::run) == "( guarded back guarded objects step )");
  CHECK(layout(run, TransactionScope::module) == "( guarded back ) ( guarded objects ) ( step )");
}

TEST_CASE("objects of modules that go as a whole go first, and once", "[unit]") {
  PreparedRun run;
  run.modules = {module_of("t", Action::revert), module_of("t", Action::revert)};
  for (PreparedModule& module : run.modules) module.removed_objects.emplace_back();
  CHECK(layout(run, TransactionScope::run) == "( gone step step )");
  run.modules[0].steps.clear();
  run.modules.pop_back();
  CHECK(layout(run, TransactionScope::run) == "( gone )");
}
