#include "engine/migrate/prepared_run.h"

#include "engine/sql/fingerprint.h"

namespace pgpm {

registry::DeployRecord ledger_row(const PreparedStep& step, long run_id) {
  registry::DeployRecord row = step.record;
  row.run_id = run_id;
  if (step.script) row.fingerprint = sql::fingerprint(step.script.bytes());
  return row;
}

}  // namespace pgpm
