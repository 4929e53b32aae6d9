#include "engine/migrate/unit.h"

#include <optional>

#include "engine/migrate/gone_question.h"
#include "engine/migrate/native_extensions.h"

namespace pgpm {

namespace {

/// Opens and closes transactions around units as the scope demands.
class Layout {
 public:
  Layout(const PreparedRun& run, TransactionScope scope, GoneBy gone)
      : run_(run), scope_(scope), gone_(gone) {}

  std::vector<Unit> lay_out() {
    remove_objects();
    for (std::size_t m = 0; m < run_.modules.size(); ++m) lay_out_module(m);
    if (!run_.remaining.empty()) {
      open(last_module());
      for (std::size_t i = 0; i < run_.remaining.size(); ++i) {
        units_.push_back({Unit::Kind::remaining_check, last_module(), i});
      }
    }
    if (scope_ == TransactionScope::run)
      for (std::size_t m = 0; m < run_.modules.size(); ++m) test(m);
    close();
    return std::move(units_);
  }

 private:
  void lay_out_module(std::size_t m) {
    const PreparedModule& module = run_.modules[m];
    head_done_ = false;
    for (std::size_t s = 0; s < module.steps.size(); ++s) lay_out_step(m, s);
    end_objects(m);
    verify_again();
    if (scope_ != TransactionScope::run) test(m);
    if (!module.late_tags.empty()) add(Unit::Kind::late_tags, m, 0);
    if (!module.drop_extensions.empty()) add(Unit::Kind::drop_extensions, m, 0);
    // The last transaction stays open for the verify scripts of what remains.
    if (scope_ != TransactionScope::run && m != last_module()) close();
  }

  void test(std::size_t m) {
    if (run_.modules[m].tests) add(Unit::Kind::tests, m, 0);
  }

  void lay_out_step(std::size_t m, std::size_t s) {
    const PreparedStep& step = run_.modules[m].steps[s];
    if (!step.step.transactional) {
      add_head(m);
      close();
      units_.push_back({Unit::Kind::alone, m, s});
      return;
    }
    if (scope_ == TransactionScope::change) close();
    add_head(m);
    const bool is_guarded = run_.modules[m].objects && run_.modules[m].objects->are_recorded;
    add(is_guarded ? Unit::Kind::guarded : Unit::Kind::step, m, s);
    if (is_guarded) guarded_module_ = m;
    const bool may_verify_later = scope_ != TransactionScope::change || is_guarded;
    if (step.step.action == Action::deploy && step.verify && may_verify_later) unverified_ = true;
    if (step.step.action == Action::revert && step.verify)
      units_.push_back({gone_kind(*step.verify.script), m, s});
  }

  /// Those of several modules in one go: they may need each other.
  void remove_objects() {
    for (std::size_t m = 0; m < run_.modules.size(); ++m)
      if (!run_.modules[m].removed_objects.empty()) return add(Unit::Kind::objects_gone, m, 0);
  }

  void end_objects(std::size_t m) {
    const PreparedModule& module = run_.modules[m];
    if (!module.brings_objects()) return put_back();
    // Each change is committed with what it found; what the files declare comes in a last
    // transaction.
    if (scope_ == TransactionScope::change) close();
    add_head(m);
    add(Unit::Kind::objects, m, 0);
    guarded_module_.reset();
  }

  void put_back() {
    if (guarded_module_) units_.push_back({Unit::Kind::objects_back, *guarded_module_, 0});
    guarded_module_.reset();
  }

  Unit::Kind gone_kind(const sql::Script& verify) const {
    const bool ask = gone_ == GoneBy::asking_server && can_be_asked(verify);
    return ask ? Unit::Kind::gone_question : Unit::Kind::gone_check;
  }

  void add_head(std::size_t m) {
    const PreparedModule& module = run_.modules[m];
    const bool deploys = module.steps.empty() ? module.brings_objects()
                                              : module.steps.front().step.action != Action::revert;
    if (head_done_ || !deploys) return;
    head_done_ = true;
    add(Unit::Kind::module_head, m, 0);
  }

  void add(Unit::Kind kind, std::size_t m, std::size_t s) {
    open(m);
    units_.push_back({kind, m, s});
  }

  void open(std::size_t m) {
    open_module_ = m;
    if (open_) return;
    open_ = true;
    units_.push_back({Unit::Kind::begin, m, 0});
  }

  /// What failed to verify right after its change has its last chance before the COMMIT.
  void verify_again() {
    if (open_ && unverified_) units_.push_back({Unit::Kind::verify_again, open_module_, 0});
    unverified_ = false;
  }

  void close() {
    put_back();
    verify_again();
    if (!open_) return;
    open_ = false;
    units_.push_back({Unit::Kind::commit, open_module_, 0});
  }

  std::size_t last_module() const { return run_.modules.empty() ? 0 : run_.modules.size() - 1; }

  const PreparedRun& run_;
  TransactionScope scope_;
  GoneBy gone_;
  std::vector<Unit> units_;
  bool open_ = false;
  bool head_done_ = false;
  bool unverified_ = false;  // a verify script ran in the open transaction
  std::size_t open_module_ = 0;
  std::optional<std::size_t> guarded_module_;  // has changes in the open transaction
};

void add_rename(const PreparedStep& step, std::size_t label, db::Batch& batch) {
  if (!step.rename) return;
  batch.add(
      registry::rename_instance_sql(step.record.package, step.rename->first, step.rename->second),
      label);
}

void render_behind_deploy(const PreparedStep& step, Row row, long run_id, std::size_t label,
                          db::Batch& batch) {
  if (step.step.action == Action::deploy) batch.add_reset(label);
  if (row == Row::at_once) batch.add(registry::record_deploy_sql(ledger_row(step, run_id)), label);
  // Last, so that a run that forgives a failure here has nothing to catch up on.
  if (step.step.action == Action::deploy && step.verify)
    add_in_savepoint(step.verify, label, batch);
}

void render_behind_revert(const PreparedStep& step, long run_id, std::size_t label,
                          db::Batch& batch) {
  if (step.script) batch.add_reset(label);
  batch.add(registry::record_revert_sql(step.record.package, step.record.change, run_id), label);
  add_rename(step, label, batch);
  if (step.verify) batch.add("SAVEPOINT pgpm_verify", label);
}

void render_change(const PreparedStep& step, Row row, long run_id, std::size_t label,
                   db::Batch& batch) {
  render_before_script(step, label, batch);
  if (step.step.action != Action::log_only && step.script)
    batch.add_script(step.script.script, label);
  render_behind_script(step, row, run_id, label, batch);
}

/// Its script is expected to fail, perhaps as a whole message: the savepoint was set in the message
/// before.
void render_gone_check(const PreparedStep& step, std::size_t label, db::Batch& batch) {
  batch.add_script(step.verify.script, label);
  batch.add(leave_gone_check, label, 2);
}

void render_gone_question(const PreparedStep& step, std::size_t label, db::Batch& batch) {
  // Noisy: the script's own notices come out of it.
  batch.add_noisy(gone_question_sql(*step.verify.script, label), label);
  batch.add(gone_answer_sql(label), label);
  batch.add(leave_gone_check, label, 2);
}

void render_module_head(const PreparedModule& module, std::size_t label, db::Batch& batch) {
  for (const std::string& extension : module.extensions)
    batch.add_noisy(create_extension_sql(extension), label);
  batch.add(registry::register_package_sql(module.module), label);
}

}  // namespace

std::vector<Unit> lay_out(const PreparedRun& run, TransactionScope scope, GoneBy gone) {
  return Layout(run, scope, gone).lay_out();
}

void render_before_script(const PreparedStep& step, std::size_t label, db::Batch& batch) {
  if (step.step.action != Action::revert) add_rename(step, label, batch);
}

void render_behind_script(const PreparedStep& step, Row row, long run_id, std::size_t label,
                          db::Batch& batch) {
  if (step.step.action == Action::revert) return render_behind_revert(step, run_id, label, batch);
  render_behind_deploy(step, row, run_id, label, batch);
}

void add_in_savepoint(const StoredScript& script, std::size_t label, db::Batch& batch) {
  batch.add("SAVEPOINT pgpm_verify", label);
  batch.add_script(script.script, label);
  batch.add("ROLLBACK TO SAVEPOINT pgpm_verify", label);
  batch.add("RELEASE SAVEPOINT pgpm_verify", label);
}

void render_unit(const PreparedRun& run, const Unit& unit, long run_id, std::size_t label,
                 db::Batch& batch, Row row) {
  const PreparedModule& module = run.modules[unit.module];
  switch (unit.kind) {
    case Unit::Kind::begin:
      return batch.add("BEGIN", label);
    case Unit::Kind::module_head:
      return render_module_head(module, label, batch);
    case Unit::Kind::step:
    case Unit::Kind::guarded:
      return render_change(module.steps[unit.step], row, run_id, label, batch);
    case Unit::Kind::gone_check:
      return render_gone_check(module.steps[unit.step], label, batch);
    case Unit::Kind::gone_question:
      return render_gone_question(module.steps[unit.step], label, batch);
    case Unit::Kind::remaining_check:
      return add_in_savepoint(run.remaining[unit.step].verify, label, batch);
    case Unit::Kind::late_tags:
      for (const auto& [tag, change] : module.late_tags) {
        batch.add(registry::record_tag_sql(module.module, tag, change), label);
      }
      return;
    case Unit::Kind::drop_extensions:
      for (const std::string& extension : module.drop_extensions)
        batch.add_noisy(drop_extension_sql(extension), label);
      return;
    case Unit::Kind::commit:
      return batch.add_commit(label);
    case Unit::Kind::verify_again:
    case Unit::Kind::tests:
    case Unit::Kind::alone:
    case Unit::Kind::objects:
    case Unit::Kind::objects_back:
    case Unit::Kind::objects_gone:
      return;
  }
}

}  // namespace pgpm
