#include "engine/migrate/bookkeeping.h"

#include <algorithm>
#include <string_view>

#include "engine/registry/registry.h"

namespace pgpm {

namespace {

bool mentions_ledger(const StoredScript& script) {
  constexpr std::string_view schema = "pgpm_migrate";
  return script && script.script->source().bytes().find(schema) != std::string_view::npos;
}

}  // namespace

bool Bookkeeping::can_wait(const PreparedStep& step) {
  // A rework renames a row, which must be there.
  return !step.rename && !mentions_ledger(step.script) && !mentions_ledger(step.verify);
}

void Bookkeeping::owe(std::size_t unit, const PreparedStep& step) {
  take_back(unit);
  owed_.push_back({unit, &step});
}

void Bookkeeping::settle_before(std::size_t unit, db::Batch& batch) {
  take_back(unit);
  settle({unit, unit}, batch);
}

void Bookkeeping::settle_behind(std::size_t unit, db::Batch& batch) {
  settle({unit, unit + 1}, batch);
}

void Bookkeeping::settle(UnderWay rows, db::Batch& batch) {
  const std::size_t begin = under_way_.empty() ? 0 : under_way_.back().end;
  std::vector<registry::DeployRecord> records;
  for (const Owed& owed : owed_) {
    if (owed.unit < begin) continue;
    records.push_back(ledger_row(*owed.step, run_id_));
  }
  if (records.empty()) return;
  for (std::string& sql : registry::record_deploys_sql(records))
    batch.add(std::move(sql), rows.unit);
  under_way_.push_back(rows);
}

void Bookkeeping::done(std::size_t unit) {
  while (!under_way_.empty() && under_way_.front().unit <= unit) {
    const std::size_t end = under_way_.front().end;
    std::erase_if(owed_, [&](const Owed& owed) { return owed.unit < end; });
    under_way_.erase(under_way_.begin());
  }
}

void Bookkeeping::failed_to_verify(std::size_t unit) {
  std::erase_if(under_way_, [&](const UnderWay& rows) { return rows.end > unit; });
  done(unit);
}

void Bookkeeping::take_back(std::size_t unit) {
  std::erase_if(owed_, [&](const Owed& owed) { return owed.unit >= unit; });
  std::erase_if(under_way_, [&](const UnderWay& rows) { return rows.unit >= unit; });
}

void Bookkeeping::forget() {
  owed_.clear();
  under_way_.clear();
}

}  // namespace pgpm
