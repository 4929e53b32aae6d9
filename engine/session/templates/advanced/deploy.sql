-- What `pgpm session deploy` runs. PostgreSQL 15 or newer; the role must be allowed to create roles and extensions, and needs
-- no superuser.
--
-- 1. parameters are checked against session.json     4. privileges are set right
-- 2. roles, schemas, extensions                      5. tests gate the COMMIT
-- 3. scripts, in the order of their sort keys: those that say idempotent="false" once, the others each time
BEGIN;

-- One deploy at a time, whatever the tool.
SELECT pg_advisory_xact_lock(hashtextextended('{{PROJECT_NAME}} deploy', 0));

DO $$
DECLARE
  v_declared jsonb := (SELECT content::jsonb -> 'parameters' FROM pgmi_source_view WHERE path = './session.json');
  v_name text;
  v_value text;
  v_type text;
BEGIN
  FOR v_name IN SELECT key FROM pgmi_parameter_view WHERE NOT v_declared ? key LOOP
    RAISE EXCEPTION 'There is no parameter %', v_name USING ERRCODE = '22023', HINT = 'session.json declares them.';
  END LOOP;
  FOR v_name IN SELECT jsonb_object_keys(v_declared) LOOP
    v_value := coalesce(current_setting('pgmi.' || v_name, true), v_declared #>> ARRAY[v_name, 'default']);
    v_type := coalesce(v_declared #>> ARRAY[v_name, 'type'], 'text');
    IF v_value IS NULL AND coalesce((v_declared #>> ARRAY[v_name, 'required'])::boolean, false) THEN
      RAISE EXCEPTION 'Parameter % is missing', v_name USING ERRCODE = '22023', HINT = format('Say --param %s=VALUE.', v_name);
    END IF;
    BEGIN
      EXECUTE format('SELECT CAST($1 AS %s)', v_type::regtype) USING v_value;
    EXCEPTION WHEN data_exception THEN
      RAISE EXCEPTION 'Parameter % is no %', v_name, v_type USING ERRCODE = '22023';
    END;
    PERFORM set_config('pgmi.' || v_name, coalesce(v_value, ''), false);
    PERFORM set_config('deployment.' || v_name, coalesce(v_value, ''), false);
  END LOOP;
END $$;

-- What scripts ask for by name: a parameter, or one of the database's roles (database_owner_role, database_admin_role ...).
CREATE OR REPLACE FUNCTION pg_temp.deployment_setting(p_key text, p_required boolean DEFAULT true) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_key text := lower(replace(btrim(p_key), '-', '_'));
  v_value text := nullif(current_setting('deployment.' || v_key, true), '');
BEGIN
  IF v_value IS NULL AND p_required THEN
    RAISE EXCEPTION 'There is no setting %', v_key USING ERRCODE = '22023', HINT = format('Say --param %s=VALUE.', v_key);
  END IF;
  RETURN v_value;
END $$;

-- Roles belong to the whole server, so their names have the database's in front. The deploying role may act as the owner.
DO $$
DECLARE
  v_kind text;
  v_role text;
BEGIN
  FOREACH v_kind IN ARRAY ARRAY['owner', 'admin', 'api', 'customer'] LOOP
    v_role := current_database() || '_' || v_kind;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = v_role) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
    END IF;
    -- Whoever creates a role is a member since PostgreSQL 16, but may not act as it.
    IF NOT pg_has_role(current_user, v_role, 'USAGE') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', v_role);
    END IF;
    PERFORM set_config('app.' || v_kind || '_role', v_role, false);
    PERFORM set_config('deployment.database_' || v_kind || '_role', v_role, false);
  END LOOP;
  -- What the layer below may do, the one above may too.
  FOR v_role, v_kind IN VALUES ('_customer', '_api'), ('_api', '_admin') LOOP
    IF NOT pg_has_role(current_database() || v_kind, current_database() || v_role, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO %I', current_database() || v_role, current_database() || v_kind);
    END IF;
  END LOOP;
END $$;

DO $$
DECLARE
  v_name text;
BEGIN
  FOREACH v_name IN ARRAY ARRAY['uuid-ossp', 'pgcrypto', 'pg_trgm', 'hstore'] LOOP
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = v_name) THEN
      EXECUTE format('CREATE EXTENSION %I', v_name);
    END IF;
  END LOOP;
  FOREACH v_name IN ARRAY ARRAY['protocol', 'internal', 'membership', 'core', 'api'] LOOP
    IF to_regnamespace(v_name) IS NULL THEN
      EXECUTE format('CREATE SCHEMA %I AUTHORIZATION %I', v_name, current_setting('app.owner_role'));
    END IF;
  END LOOP;
  EXECUTE format('GRANT CREATE, TEMPORARY ON DATABASE %I TO %I', current_database(), current_setting('app.owner_role'));
END $$;

-- What runs from here on belongs to the owner.
SELECT set_config('role', current_setting('app.owner_role'), true);

-- Which scripts have run: a script is known by the id of its metadata, so that it may be renamed.
DO $$
BEGIN
  IF to_regclass('internal.script') IS NOT NULL THEN RETURN; END IF;
  CREATE TABLE internal.script (
    id uuid PRIMARY KEY, path text NOT NULL, first_seen timestamptz NOT NULL DEFAULT now());
  CREATE TABLE internal.script_content (
    checksum text PRIMARY KEY, content text NOT NULL);
  CREATE TABLE internal.script_execution (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    script_id uuid NOT NULL REFERENCES internal.script,
    checksum text NOT NULL REFERENCES internal.script_content,
    sort_key text NOT NULL, idempotent boolean NOT NULL,
    executed_at timestamptz NOT NULL DEFAULT clock_timestamp(), executed_by text NOT NULL DEFAULT session_user);
  CREATE INDEX ON internal.script_execution (script_id);
END $$;

DO $$
DECLARE
  v_script record;
  v_detail text;
  v_hint text;
BEGIN
  FOR v_script IN
    SELECT path, content, checksum, coalesce(id, generic_id) AS id, idempotent, sort_key FROM pgmi_plan_view
    WHERE path LIKE './lib/%' ORDER BY execution_order
  LOOP
    -- A script that once was idempotent and no longer is runs once more.
    CONTINUE WHEN NOT v_script.idempotent AND EXISTS (
      SELECT FROM internal.script_execution e
      WHERE e.script_id = v_script.id AND e.sort_key = v_script.sort_key AND NOT e.idempotent);
    BEGIN
      EXECUTE v_script.content;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
      RAISE EXCEPTION 'Failed in %: %', v_script.path, SQLERRM USING ERRCODE = SQLSTATE, DETAIL = v_detail, HINT = v_hint;
    END;
    INSERT INTO internal.script (id, path) VALUES (v_script.id, v_script.path)
      ON CONFLICT (id) DO UPDATE SET path = EXCLUDED.path;
    INSERT INTO internal.script_content VALUES (v_script.checksum, v_script.content) ON CONFLICT DO NOTHING;
    INSERT INTO internal.script_execution (script_id, checksum, sort_key, idempotent)
      VALUES (v_script.id, v_script.checksum, v_script.sort_key, v_script.idempotent);
  END LOOP;
END $$;

-- Privileges are what stands here, whatever was granted meanwhile.
DO $$
DECLARE
  v_schema text;
  v_api text := current_setting('app.api_role');
  v_admin text := current_setting('app.admin_role');
  v_customer text := current_setting('app.customer_role');
BEGIN
  FOREACH v_schema IN ARRAY ARRAY['protocol', 'internal', 'membership', 'core', 'api'] LOOP
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', v_schema);
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM PUBLIC, %I, %I', v_schema, v_api, v_customer);
    EXECUTE format('REVOKE ALL ON ALL ROUTINES IN SCHEMA %I FROM PUBLIC, %I, %I', v_schema, v_api, v_customer);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', v_schema, v_admin);
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', v_schema, v_admin);
  END LOOP;
  EXECUTE format('GRANT USAGE ON SCHEMA api TO %I', v_api);
  EXECUTE format('GRANT EXECUTE ON FUNCTION api.request(text, text, jsonb, jsonb), api.rpc(jsonb), api.mcp(jsonb), '
                 'api.openapi() TO %I', v_api);
  EXECUTE format('GRANT USAGE ON SCHEMA membership, protocol TO %I', v_customer);
  EXECUTE format('GRANT SELECT ON membership.organisation, membership.member TO %I', v_customer);
  EXECUTE format('GRANT EXECUTE ON FUNCTION membership.current_member() TO %I', v_customer);
END $$;

RESET ROLE;

-- Tests report as TAP.
CREATE FUNCTION pg_temp.tap(e pg_temp.pgmi_test_event) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF e.event = 'suite_start' THEN
    RAISE NOTICE 'TAP version 14';
    RAISE NOTICE '1..%', (SELECT count(*) FROM pg_temp.pgmi_test_plan() WHERE step_type = 'test');
  ELSIF e.event = 'test_end' THEN
    RAISE NOTICE 'ok % - %', (SELECT count(*) FROM pg_temp.pgmi_test_plan() p
                              WHERE p.step_type = 'test' AND p.ordinal <= e.ordinal), e.path;
  END IF;
END $$;
SAVEPOINT _tests;
CALL pgmi_test(NULL, 'pg_temp.tap');
ROLLBACK TO SAVEPOINT _tests;

COMMIT;

DO $$ BEGIN RAISE NOTICE 'DONE (env=%)', current_setting('pgmi.env'); END $$;
