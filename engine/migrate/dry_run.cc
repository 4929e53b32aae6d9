#include <fmt/format.h>

#include "engine/db/batch.h"
#include "engine/migrate/prepared_run.h"
#include "engine/migrate/unit.h"
#include "engine/sql/quote.h"
#include "pgpm/worklist.h"

namespace pgpm {

namespace {

void add_rename(const PreparedStep& step, db::Batch& batch) {
  batch.add(
      registry::rename_instance_sql(step.record.package, step.rename->first, step.rename->second),
      0);
}

/// The statements of a change that refuses transactions, then its ledger row in one of its own.
void render_alone(const PreparedStep& step, db::Batch& batch) {
  const std::string& package = step.record.package;
  batch.add(registry::begin_intent_sql(package, step.record.change, step.step.action,
                                       step.script.hash, 0),
            0);
  batch.add_script(step.script.script, 0);
  batch.add_reset(0);
  const bool deploys = step.step.action == Action::deploy;
  if (step.verify && deploys) {
    batch.add("BEGIN", 0);
    batch.add_script(step.verify.script, 0);
    batch.add("ROLLBACK", 0);
  }
  batch.add("BEGIN", 0);
  if (step.rename && deploys) add_rename(step, batch);
  batch.add(step.step.action == Action::revert
                ? registry::record_revert_sql(package, step.record.change, 0)
                : registry::record_deploy_sql(ledger_row(step)),
            0);
  if (step.rename && !deploys) add_rename(step, batch);
  batch.add(registry::end_intent_sql(package, step.record.change), 0);
  batch.add_commit(0);
}

/// What happens to managed objects is decided while it runs, by what the server says stands in the
/// way.
std::string object_note(const PreparedModule& module, const Unit& unit) {
  if (unit.kind == Unit::Kind::objects)
    return fmt::format(
        "-- Here `pgpm deploy` brings the managed objects of {} to what their files declare.\n",
        module.module);
  if (unit.kind == Unit::Kind::objects_back)
    return fmt::format(
        "-- Here pgpm puts back those managed objects of {} that it had to drop for the changes "
        "above.\n",
        module.module);
  if (unit.kind == Unit::Kind::objects_gone)
    return "-- Here `pgpm revert` drops the managed objects of modules that go as a whole.\n";
  return {};
}

}  // namespace

std::vector<std::string> worklist_sql(const Worklist& worklist) {
  std::vector<std::string> texts;
  if (worklist.create_database) {
    const std::string name = sql::quote_identifier(worklist.database);
    texts.push_back(fmt::format("CREATE DATABASE {};\n\\connect {}\n", name, name));
  }
  const PreparedRun& run = *worklist.prepared;
  std::string ledger = worklist.empty() ? "" : registry::install_sql(run.ledger_version);
  if (!ledger.empty()) texts.push_back(std::move(ledger));
  for (const Unit& unit : lay_out(run, worklist.scope)) {
    // It is meant to fail, which would end psql.
    if (unit.kind == Unit::Kind::gone_check) continue;
    if (const std::string note = object_note(run.modules[unit.module], unit); !note.empty()) {
      texts.push_back(note);
      continue;
    }
    db::Batch batch;
    if (unit.kind == Unit::Kind::alone) {
      render_alone(run.modules[unit.module].steps[unit.step], batch);
    } else {
      render_unit(run, unit, 0, 0, batch);
    }
    for (std::string& text : db::render_batch(batch)) texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace pgpm
