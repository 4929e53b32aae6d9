-- What deploy.sql may use (compat 1). Functions are called with pg_temp. in front: PostgreSQL finds no temporary function
-- without it.
DROP TYPE IF EXISTS pg_temp.pgmi_test_event CASCADE;
CREATE TYPE pg_temp.pgmi_test_event AS (event text, path text, directory text, depth integer, ordinal integer, context jsonb);
GRANT USAGE ON TYPE pg_temp.pgmi_test_event TO PUBLIC;

CREATE OR REPLACE TEMPORARY VIEW pgmi_source_view AS SELECT * FROM pg_temp._pgmi_source;
CREATE OR REPLACE TEMPORARY VIEW pgmi_parameter_view AS SELECT * FROM pg_temp._pgmi_parameter;
CREATE OR REPLACE TEMPORARY VIEW pgmi_test_source_view AS SELECT * FROM pg_temp._pgmi_test_source;
CREATE OR REPLACE TEMPORARY VIEW pgmi_test_directory_view AS SELECT * FROM pg_temp._pgmi_test_directory;
CREATE OR REPLACE TEMPORARY VIEW pgmi_source_metadata_view AS SELECT * FROM pg_temp._pgmi_source_metadata;

-- One row for each sort key of each file, in the order of the keys' bytes.
CREATE OR REPLACE TEMPORARY VIEW pgmi_plan_view AS
SELECT s.path, s.content, s.pgmi_checksum AS checksum,
  md5(convert_to(s.path, 'UTF8'))::uuid AS generic_id,
  m.id, coalesce(m.idempotent, true) AS idempotent, coalesce(m.description, '') AS description,
  k.sort_key,
  row_number() OVER (ORDER BY k.sort_key COLLATE "C", s.path COLLATE "C") AS execution_order
FROM pg_temp._pgmi_planned_source s
LEFT JOIN pg_temp._pgmi_source_metadata m ON m.path = s.path
CROSS JOIN LATERAL unnest(CASE WHEN cardinality(m.sort_keys) > 0 THEN m.sort_keys ELSE ARRAY[s.path] END) AS k(sort_key)
ORDER BY execution_order;

GRANT SELECT ON pg_temp.pgmi_source_view, pg_temp.pgmi_parameter_view, pg_temp.pgmi_test_source_view,
  pg_temp.pgmi_test_directory_view, pg_temp.pgmi_source_metadata_view, pg_temp.pgmi_plan_view TO PUBLIC;

CREATE OR REPLACE FUNCTION pg_temp.pgmi_validate_pattern(pattern text) RETURNS text
LANGUAGE plpgsql AS $function$
BEGIN
  PERFORM '' ~ pattern;
  RETURN pattern;
EXCEPTION WHEN invalid_regular_expression THEN
  RAISE EXCEPTION 'Invalid regex pattern: %', pattern USING ERRCODE = 'invalid_regular_expression', DETAIL = SQLERRM;
END $function$;

-- Whether a directory has a test that the pattern wants, itself or below.
CREATE OR REPLACE FUNCTION pg_temp.pgmi_has_tests(directory text, pattern text) RETURNS boolean
LANGUAGE sql STABLE AS $function$
  SELECT EXISTS (SELECT FROM pg_temp._pgmi_test_step t
                 WHERE t.step_type = 'test' AND left(t.script_path, length($1)) = $1
                   AND ($2 IS NULL OR t.script_path ~ $2))
$function$;

CREATE OR REPLACE FUNCTION pg_temp.pgmi_test_plan(pattern text DEFAULT NULL)
RETURNS TABLE (ordinal integer, step_type text, script_path text, directory text, depth integer)
LANGUAGE plpgsql STABLE AS $function$
#variable_conflict use_column
BEGIN
  PERFORM pg_temp.pgmi_validate_pattern(pattern);
  RETURN QUERY
  WITH wanted AS (
    SELECT DISTINCT t.directory FROM pg_temp._pgmi_test_step t
    WHERE t.step_type = 'test' AND (pattern IS NULL OR t.script_path ~ pattern)
  ), relevant AS (
    SELECT d.path FROM pg_temp._pgmi_test_directory d
    WHERE EXISTS (SELECT FROM wanted w WHERE left(w.directory, length(d.path)) = d.path)
  )
  SELECT row_number() OVER (ORDER BY s.ordinal)::integer, s.step_type, s.script_path, s.directory, s.depth
  FROM pg_temp._pgmi_test_step s JOIN relevant r ON r.path = s.directory
  WHERE s.step_type <> 'test' OR pattern IS NULL OR s.script_path ~ pattern
  ORDER BY 1;
END $function$;

CREATE OR REPLACE FUNCTION pg_temp.pgmi_persist_test_plan(target_schema text, pattern text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $function$
BEGIN
  IF to_regclass(format('%I.pgmi_test_plan', target_schema)) IS NULL THEN
    EXECUTE format('CREATE TABLE %I.pgmi_test_plan (ordinal integer PRIMARY KEY, step_type text NOT NULL, script_path text, '
                   'directory text NOT NULL, depth integer NOT NULL)', target_schema);
  END IF;
  EXECUTE format('TRUNCATE %I.pgmi_test_plan', target_schema);
  EXECUTE format('INSERT INTO %I.pgmi_test_plan SELECT * FROM pg_temp.pgmi_test_plan($1)', target_schema) USING pattern;
END $function$;

-- Runs a test or fixture. What it raises keeps its SQLSTATE, DETAIL and HINT and learns the file's name. Returns how many
-- milliseconds it took: when results reach the client says little, since the server holds them back.
CREATE OR REPLACE FUNCTION pg_temp.pgmi_run_test_source(path text) RETURNS double precision
LANGUAGE plpgsql AS $function$
DECLARE
  v_start timestamptz := clock_timestamp();
  v_content text;
  v_message text;
  v_detail text;
  v_hint text;
BEGIN
  SELECT s.content INTO STRICT v_content FROM pg_temp._pgmi_test_source s WHERE s.path = $1;
  EXECUTE v_content;
  RETURN extract(epoch FROM clock_timestamp() - v_start) * 1000;
EXCEPTION WHEN assert_failure OR OTHERS THEN
  GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
  RAISE EXCEPTION 'Failed in %: %', path, v_message USING ERRCODE = SQLSTATE, DETAIL = v_detail, HINT = v_hint;
END $function$;

-- The observer that is used when a macro names none.
CREATE OR REPLACE FUNCTION pg_temp.pgmi_test_callback(e pg_temp.pgmi_test_event) RETURNS void
LANGUAGE plpgsql AS $function$
BEGIN
  CASE e.event
    WHEN 'suite_start' THEN RAISE NOTICE '[pgmi] Test suite started';
    WHEN 'fixture_start' THEN RAISE NOTICE '[pgmi] Fixture: %', e.path;
    WHEN 'test_start' THEN RAISE NOTICE '[pgmi] Test: %', e.path;
    WHEN 'rollback' THEN RAISE DEBUG '[pgmi] Rollback: %', e.path;
    WHEN 'teardown_start' THEN RAISE DEBUG '[pgmi] Teardown: %', e.directory;
    WHEN 'suite_end' THEN RAISE NOTICE '[pgmi] Test suite completed (% steps)', e.ordinal;
    ELSE NULL;
  END CASE;
END $function$;

-- Calls an observer that was named without a schema: one of the session's own comes first. Looked up when it is called,
-- since deploy.sql creates it on the way.
CREATE OR REPLACE FUNCTION pg_temp.pgmi_notify(callback text, e pg_temp.pgmi_test_event) RETURNS void
LANGUAGE plpgsql AS $function$
BEGIN
  IF to_regprocedure(format('pg_temp.%s(pg_temp.pgmi_test_event)', callback)) IS NOT NULL THEN
    callback := 'pg_temp.' || callback;
  END IF;
  EXECUTE format('SELECT %s($1)', callback) USING e;
END $function$;

-- The statements that a macro stands for, one a line. Every test starts from what its fixtures made and is taken back, every
-- directory when its last test has run.
CREATE OR REPLACE FUNCTION pg_temp.pgmi_test_generate(pattern text DEFAULT NULL,
                                                      callback text DEFAULT 'pg_temp.pgmi_test_callback')
RETURNS text LANGUAGE plpgsql AS $function$
DECLARE
  v_pattern text := nullif(pattern, '');
  v_callback text := coalesce(nullif(callback, ''), 'pg_temp.pgmi_test_callback');
  v_call text;
  v_event text;
  v_step record;
  v_lines text[] := '{}';
  v_saved jsonb := '{}';     -- directory -> its savepoint
  v_restart jsonb := '{}';   -- directory -> the savepoint its tests go back to
  v_number integer := 0;
  v_last integer := 0;
  v_tests integer;
BEGIN
  IF v_callback !~ '^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?$' THEN
    RAISE EXCEPTION 'Invalid callback name: %', v_callback USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Write name or schema.name, without quotes.';
  END IF;
  v_call := CASE WHEN strpos(v_callback, '.') > 0 THEN format('SELECT %s(', v_callback)
                 ELSE format('SELECT pg_temp.pgmi_notify(%L, ', v_callback) END;
  v_event := v_call || 'ROW(%L, %L, %L, %s, %s, NULL)::pg_temp.pgmi_test_event);';
  SELECT count(*) INTO v_tests FROM pg_temp.pgmi_test_plan(v_pattern) p WHERE p.step_type = 'test';
  IF v_tests = 0 THEN
    RETURN format('DO $pgmi$ BEGIN RAISE EXCEPTION %L USING ERRCODE = ''no_data_found'', HINT = %L; END $pgmi$;',
      CASE WHEN v_pattern IS NULL THEN 'pgmi: no tests were discovered'
           ELSE 'pgmi: no tests matched the requested pattern' END,
      CASE WHEN v_pattern IS NULL THEN 'Tests are SQL files in __test__ or __tests__ directories of the project.'
           ELSE 'The pattern is matched against paths like ./__test__/test_users.sql.' END);
  END IF;
  v_lines := v_lines || format(v_event, 'suite_start', NULL, '', 0, 0);
  FOR v_step IN SELECT * FROM pg_temp.pgmi_test_plan(v_pattern) p ORDER BY p.ordinal LOOP
    v_last := v_step.ordinal;
    IF v_step.step_type <> 'teardown' AND NOT v_saved ? v_step.directory THEN
      v_number := v_number + 1;
      v_saved := v_saved || jsonb_build_object(v_step.directory, v_number);
      v_lines := v_lines || format('SAVEPOINT __pgmi_d%s__;', v_number);
    END IF;
    IF v_step.step_type = 'test' AND NOT v_restart ? v_step.directory THEN
      v_number := v_number + 1;
      v_restart := v_restart || jsonb_build_object(v_step.directory, v_number);
      v_lines := v_lines || format('SAVEPOINT __pgmi_t%s__;', v_number);
    END IF;
    v_lines := v_lines || format(v_event, v_step.step_type || '_start', v_step.script_path, v_step.directory, v_step.depth,
                                 v_step.ordinal);
    IF v_step.step_type = 'teardown' THEN
      IF v_saved ? v_step.directory THEN
        v_lines := v_lines || format('ROLLBACK TO SAVEPOINT __pgmi_d%s__;', v_saved ->> v_step.directory)
                           || format('RELEASE SAVEPOINT __pgmi_d%s__;', v_saved ->> v_step.directory);
      END IF;
    ELSE
      v_lines := v_lines || format('SELECT pg_temp.pgmi_run_test_source(%L);', v_step.script_path);
    END IF;
    v_lines := v_lines || format(v_event, v_step.step_type || '_end', v_step.script_path, v_step.directory, v_step.depth,
                                 v_step.ordinal);
    IF v_step.step_type = 'test' THEN
      v_lines := v_lines || format(v_event, 'rollback', v_step.script_path, v_step.directory, v_step.depth, v_step.ordinal)
                         || format('ROLLBACK TO SAVEPOINT __pgmi_t%s__;', v_restart ->> v_step.directory);
    END IF;
  END LOOP;
  v_lines := v_lines || format(v_event, 'suite_end', NULL, '', 0, v_last);
  RETURN array_to_string(v_lines, E'\n');
END $function$;

GRANT EXECUTE ON FUNCTION pg_temp.pgmi_is_sql_file(text), pg_temp.pgmi_validate_pattern(text),
  pg_temp.pgmi_has_tests(text, text), pg_temp.pgmi_test_plan(text), pg_temp.pgmi_persist_test_plan(text, text),
  pg_temp.pgmi_run_test_source(text), pg_temp.pgmi_test_callback(pg_temp.pgmi_test_event),
  pg_temp.pgmi_notify(text, pg_temp.pgmi_test_event), pg_temp.pgmi_test_generate(text, text) TO PUBLIC;
