-- A session project: this file drives. See README.md beside it.
SET lock_timeout = '5s';

BEGIN;

DO $$
DECLARE
  v_file record;
  v_folder text;
BEGIN
  FOREACH v_folder IN ARRAY ARRAY['tables', 'functions'] LOOP
    FOR v_file IN SELECT path, content FROM pgmi_plan_view WHERE path LIKE './' || v_folder || '/%' ORDER BY execution_order
    LOOP
      BEGIN
        EXECUTE v_file.content;
      EXCEPTION WHEN OTHERS THEN
        RAISE EXCEPTION 'Failed in %: %', v_file.path, SQLERRM USING ERRCODE = SQLSTATE;
      END;
    END LOOP;
  END LOOP;
  IF coalesce(current_setting('pgmi.env', true), 'development') <> 'production' THEN
    FOR v_file IN SELECT path, content FROM pgmi_plan_view WHERE path LIKE './seeds/%' ORDER BY execution_order LOOP
      EXECUTE v_file.content;
    END LOOP;
  END IF;
END $$;

-- What fails here is never committed.
SAVEPOINT tests;
CALL pgmi_test();
ROLLBACK TO SAVEPOINT tests;

COMMIT;

-- Behind the COMMIT each statement goes by itself: nothing waits for this index.
CREATE INDEX CONCURRENTLY IF NOT EXISTS reading_at ON reading (at);
ANALYZE reading;
