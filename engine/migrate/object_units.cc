#include "engine/migrate/object_units.h"

#include <filesystem>

#include "engine/registry/registry.h"

namespace pgpm {

namespace {

using Goal = objects::RunSubject::Goal;

/// What to do about objects that cannot come back as they were.
const char* way_out(const PreparedModule& module) {
  const bool reverts = !module.steps.empty() && module.steps.front().step.action == Action::revert;
  if (reverts)
    return "Take its declaration out of objects/ and deploy before, or revert all of the module: "
           "--all.";
  return "Deploy the whole plan in one transaction (--tx module): then it is made as its file "
         "says.";
}

}  // namespace

ObjectUnits::ObjectUnits(db::Connection& connection, const PreparedRun& run,
                         const std::vector<Unit>& units, long run_id)
    : connection_(connection), run_(run), units_(units), run_id_(run_id) {}

void ObjectUnits::forget() {
  objects_.reset();
  steps_.clear();
  warnings_.clear();
}

/// Whether the transaction that `unit` is in goes on to what the module's files declare.
bool ObjectUnits::ends_as_declared(std::size_t unit) const {
  const std::size_t module = units_[unit].module;
  for (; unit < units_.size() && units_[unit].kind != Unit::Kind::commit; ++unit)
    if (units_[unit].kind == Unit::Kind::objects && units_[unit].module == module) return true;
  return false;
}

objects::ObjectRun& ObjectUnits::begin(objects::RunSubject subject) {
  objects_ = std::make_unique<objects::ObjectRun>(
      connection_, ObjectOptions(), [this](const ObjectStep& step) { steps_.push_back(step); },
      std::move(subject));
  objects_->prepare();
  known_warnings_ = objects_->warnings().size();
  objects_->begin(objects::Recording::yes);
  return *objects_;
}

objects::ObjectRun& ObjectUnits::begin_for(std::size_t unit) {
  if (objects_) return *objects_;
  const PreparedModule& module = run_.modules[units_[unit].module];
  objects::RunSubject subject;
  subject.owners = {module.module};
  subject.goal = ends_as_declared(unit) ? Goal::as_declared : Goal::as_they_were;
  subject.declared = module.objects->declared;
  return begin(std::move(subject));
}

std::optional<ObjectUnits::Failed> ObjectUnits::send(const db::Batch& batch) {
  auto failure = db::run_batch(connection_, batch);
  if (!failure) return std::nullopt;
  const std::size_t at = failure->fragment;
  return Failed{std::move(*failure), batch.fragments()[at]};
}

std::optional<ObjectUnits::Failed> ObjectUnits::run_script(const StoredScript& script,
                                                           std::size_t unit) {
  const std::string name = std::filesystem::path(script.shown_file).filename().string();
  for (std::size_t i = 0; i < script.script->statements().size(); ++i) {
    auto failure = objects_->run_statement(script.script, i, name);
    if (!failure) continue;
    db::Fragment fragment;
    fragment.script = script.script;
    fragment.label = unit;
    return Failed{std::move(*failure), std::move(fragment)};
  }
  return std::nullopt;
}

std::optional<ObjectUnits::Failed> ObjectUnits::run_change(std::size_t unit) {
  const PreparedStep& step = run_.modules[units_[unit].module].steps[units_[unit].step];
  begin_for(unit);
  db::Batch before;
  render_before_script(step, unit, before);
  if (!before.empty())
    if (auto failed = send(before)) return failed;
  if (step.script)
    if (auto failed = run_script(step.script, unit)) return failed;
  db::Batch behind(connection_.settings_after_reset());
  render_behind_script(step, Row::at_once, run_id_, unit, behind);
  return send(behind);
}

void ObjectUnits::run_objects(std::size_t unit) {
  const PreparedModule& module = run_.modules[units_[unit].module];
  if (units_[unit].kind == Unit::Kind::objects_gone) {
    objects::RunSubject subject;
    subject.goal = Goal::gone;
    subject.owners.clear();
    for (const PreparedModule& each : run_.modules)
      if (!each.removed_objects.empty()) subject.owners.insert(each.module);
    begin(std::move(subject));
    return finish();
  }
  const bool is_late = !objects_ && !module.steps.empty() && module.objects->are_recorded;
  begin_for(unit);
  // Its changes ran in transactions of their own, before this one.
  if (is_late) objects_->look_at_everything();
  try {
    finish();
  } catch (Error& error) {
    if (units_[unit].kind == Unit::Kind::objects_back && error.hint().empty())
      error.hint(way_out(module));
    throw;
  }
}

void ObjectUnits::finish() {
  objects_->finish();
  const ObjectReport report = objects_->take_report();
  warnings_.insert(warnings_.end(),
                   report.warnings.begin() + static_cast<std::ptrdiff_t>(known_warnings_),
                   report.warnings.end());
  objects_.reset();
  connection_.exec(registry::count_managed_objects_sql());
}

}  // namespace pgpm
