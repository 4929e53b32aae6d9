/*
<pgmi-meta id="6f2a1d0c-7a52-4a5e-9f0e-1b6f3c2d4e03" idempotent="true">
  <description>Functions of the queue</description>
  <sortKeys><key>200/010</key></sortKeys>
</pgmi-meta>
*/
CREATE OR REPLACE FUNCTION internal.enqueue(p_queue text, p_payload jsonb, p_delay interval DEFAULT '0') RETURNS bigint
LANGUAGE sql AS $$
  INSERT INTO internal.job (queue, payload, run_after) VALUES (p_queue, p_payload, now() + p_delay) RETURNING id
$$;

-- The next job, locked until the caller's transaction ends; others get the ones behind it.
CREATE OR REPLACE FUNCTION internal.dequeue(p_queue text) RETURNS internal.job
LANGUAGE sql AS $$
  UPDATE internal.job SET attempts = attempts + 1 WHERE id = (
    SELECT id FROM internal.job WHERE queue = p_queue AND done_at IS NULL AND run_after <= now()
    ORDER BY run_after, id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING *
$$;

CREATE OR REPLACE FUNCTION internal.finish_job(p_id bigint) RETURNS void
LANGUAGE sql AS $$
  UPDATE internal.job SET done_at = clock_timestamp() WHERE id = p_id
$$;
