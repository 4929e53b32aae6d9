DO $$
BEGIN
  ASSERT NOT EXISTS (
    SELECT FROM internal.script_execution WHERE NOT idempotent GROUP BY script_id, sort_key HAVING count(*) > 1),
    'what is to run once has run once';
  ASSERT (SELECT count(*) FROM internal.script) = (SELECT count(DISTINCT path) FROM pgmi_plan_view WHERE path LIKE './lib/%'),
    'every script is known';
END $$;
