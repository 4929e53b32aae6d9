/*
<pgmi-meta id="6f2a1d0c-7a52-4a5e-9f0e-1b6f3c2d4e02" idempotent="false">
  <description>Job queue</description>
  <sortKeys><key>200/000</key></sortKeys>
</pgmi-meta>
*/
CREATE TABLE internal.job (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue text NOT NULL,
  payload jsonb NOT NULL,
  run_after timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  done_at timestamptz
);
CREATE INDEX job_waiting ON internal.job (queue, run_after, id) WHERE done_at IS NULL;
