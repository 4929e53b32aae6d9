-- What `pgpm session deploy` runs: this file decides what happens, in which order and in which
-- transaction. All files of the project are rows of pgmi_source_view, the SQL files among them
-- rows of pgmi_plan_view in the order they are to run.
BEGIN;

DO $$
DECLARE
  v_project jsonb := (SELECT content::jsonb FROM pgmi_source_view WHERE path = './project.json');
BEGIN
  RAISE NOTICE '% %: deploying to % (env=%)', v_project ->> 'name', v_project ->> 'version', current_database(),
    coalesce(current_setting('pgmi.env', true), 'development');
END $$;

-- To run every migration only once, take the comment marks of the three blocks marked TRACK away.
-- Without them every file must be such that it can run again.

-- TRACK 1: where it is kept which files have run.
-- CREATE TABLE IF NOT EXISTS _migration (path text PRIMARY KEY, checksum text, applied_at timestamptz DEFAULT now());

DO $$
DECLARE
  v_file record;
  v_detail text;
  v_hint text;
BEGIN
  FOR v_file IN
    SELECT p.path, p.content, p.checksum FROM pgmi_plan_view p
    WHERE p.path LIKE './migrations/%'
    ORDER BY p.execution_order
  LOOP
    -- TRACK 2: what has run is passed over.
    -- CONTINUE WHEN EXISTS (SELECT FROM _migration m WHERE m.path = v_file.path);
    BEGIN
      EXECUTE v_file.content;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
      RAISE EXCEPTION 'Failed in %: %', v_file.path, SQLERRM USING ERRCODE = SQLSTATE, DETAIL = v_detail, HINT = v_hint;
    END;
    -- TRACK 3: remember it.
    -- INSERT INTO _migration (path, checksum) VALUES (v_file.path, v_file.checksum);
  END LOOP;
END $$;

-- Somebody to try things with, everywhere but in production.
DO $$
BEGIN
  IF coalesce(current_setting('pgmi.env', true), 'development') <> 'production' THEN
    PERFORM upsert_user('dev@example.com', 'Developer');
  END IF;
END $$;

-- The tests gate the COMMIT: one that fails ends the deploy, and nothing is kept.
SAVEPOINT _tests;
CALL pgmi_test();
ROLLBACK TO SAVEPOINT _tests;

COMMIT;

DO $$ BEGIN RAISE NOTICE 'DONE'; END $$;
