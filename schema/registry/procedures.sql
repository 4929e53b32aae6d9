-- The ledger's routines: upstream's eight, with its signatures, messages and effects on rows, and those that pgpm itself
-- calls to record what it did. They run with the caller's rights and the caller's search_path (a SET clause would reach
-- the scripts that deploy() executes, and cost every call), hence every name and operator is written with its schema.
-- Only signatures are free of that: install() has search_path = pg_catalog when it parses them.

-- Upstream's -----------------------------------------------------------------------------------------------------

CREATE OR REPLACE PROCEDURE pgpm_migrate.register_package(p_package text)
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO pgpm_migrate.packages (package) VALUES (p_package) ON CONFLICT (package) DO NOTHING;
END
$$;
COMMENT ON PROCEDURE pgpm_migrate.register_package(text) IS 'Makes a module known; nothing happens if it is';

CREATE OR REPLACE FUNCTION pgpm_migrate.is_deployed(p_package text, p_change_name text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  colon pg_catalog.int4 := pg_catalog.strpos(p_change_name, ':');
  wanted_package pg_catalog.text := p_package;
  wanted_change pg_catalog.text := p_change_name;
BEGIN
  IF colon OPERATOR(pg_catalog.>) 0 THEN
    wanted_package := pg_catalog.substr(p_change_name, 1, colon OPERATOR(pg_catalog.-) 1);
    wanted_change := pg_catalog.substr(p_change_name, colon OPERATOR(pg_catalog.+) 1);
  END IF;
  RETURN EXISTS (SELECT FROM pgpm_migrate.changes AS c
                 WHERE c.package OPERATOR(pg_catalog.=) wanted_package
                   AND c.change_name OPERATOR(pg_catalog.=) wanted_change);
END
$$;
COMMENT ON FUNCTION pgpm_migrate.is_deployed(text, text) IS
  'Is the change deployed? package:change names another module''s';

CREATE OR REPLACE FUNCTION pgpm_migrate.change_id(p_package text, p_change_name text, p_script_hash text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
    pg_catalog.concat(p_package, p_change_name, p_script_hash), 'UTF8')), 'hex')
$$;
COMMENT ON FUNCTION pgpm_migrate.change_id(text, text, text) IS 'The change_id that goes with these';

CREATE OR REPLACE PROCEDURE pgpm_migrate.deploy(
  p_package text, p_change_name text, p_script_hash text, p_requires text[], p_deploy_sql text,
  p_log_only boolean DEFAULT false)
LANGUAGE plpgsql AS $$
DECLARE
  new_id pg_catalog.text := pgpm_migrate.change_id(p_package, p_change_name, p_script_hash);
  required pg_catalog.text;
  missing pg_catalog.text[] := '{}';
BEGIN
  CALL pgpm_migrate.register_package(p_package);

  IF pgpm_migrate.is_deployed(p_package, p_change_name) THEN
    IF EXISTS (SELECT FROM pgpm_migrate.changes AS c
               WHERE c.package OPERATOR(pg_catalog.=) p_package
                 AND c.change_name OPERATOR(pg_catalog.=) p_change_name
                 AND c.script_hash OPERATOR(pg_catalog.=) p_script_hash) THEN
      RETURN;
    END IF;
    RAISE EXCEPTION 'Change % already deployed in package % with different content', p_change_name, p_package;
  END IF;

  IF p_requires IS NOT NULL THEN
    FOREACH required IN ARRAY p_requires LOOP
      IF NOT pgpm_migrate.is_deployed(p_package, required) THEN
        missing := pg_catalog.array_append(missing, required);
      END IF;
    END LOOP;
  END IF;
  IF pg_catalog.cardinality(missing) OPERATOR(pg_catalog.>) 0 THEN
    RAISE EXCEPTION 'Missing required changes for %: %', p_change_name, pg_catalog.array_to_string(missing, ', ');
  END IF;

  IF p_log_only IS NOT TRUE THEN
    BEGIN
      EXECUTE p_deploy_sql;
    EXCEPTION WHEN OTHERS THEN
      RAISE;
    END;
  END IF;

  INSERT INTO pgpm_migrate.changes (change_id, change_name, package, script_hash)
  VALUES (new_id, p_change_name, p_package, p_script_hash);
  INSERT INTO pgpm_migrate.dependencies (change_id, requires)
  SELECT new_id, r FROM pg_catalog.unnest(p_requires) AS r;
  INSERT INTO pgpm_migrate.events (event_type, change_name, package) VALUES ('deploy', p_change_name, p_package);
END
$$;
COMMENT ON PROCEDURE pgpm_migrate.deploy(text, text, text, text[], text, boolean) IS
  'Runs a deploy script (unless p_log_only) and records the change. Deployed already with the same hash: does nothing';

CREATE OR REPLACE FUNCTION pgpm_migrate.get_dependents(p_package text, p_change_name text)
RETURNS TABLE (package text, change_name text, dependency text)
LANGUAGE sql STABLE AS $$
  SELECT c.package, c.change_name, d.requires
  FROM pgpm_migrate.dependencies AS d
  JOIN pgpm_migrate.changes AS c ON c.change_id OPERATOR(pg_catalog.=) d.change_id
  WHERE d.requires OPERATOR(pg_catalog.=) (p_package OPERATOR(pg_catalog.||) ':' OPERATOR(pg_catalog.||) p_change_name)
     OR (d.requires OPERATOR(pg_catalog.=) p_change_name AND c.package OPERATOR(pg_catalog.=) p_package)
  ORDER BY c.package, c.change_name
$$;
COMMENT ON FUNCTION pgpm_migrate.get_dependents(text, text) IS
  'Deployed changes that require this one, and how they refer to it';

CREATE OR REPLACE PROCEDURE pgpm_migrate.revert(p_package text, p_change_name text, p_revert_sql text)
LANGUAGE plpgsql AS $$
DECLARE
  dependents pg_catalog.text;
BEGIN
  IF NOT pgpm_migrate.is_deployed(p_package, p_change_name) THEN
    RAISE EXCEPTION 'Change % not deployed in package %', p_change_name, p_package;
  END IF;

  SELECT pg_catalog.string_agg(
           CASE WHEN g.dependency OPERATOR(pg_catalog.=) p_change_name THEN g.change_name
                ELSE g.package OPERATOR(pg_catalog.||) ':' OPERATOR(pg_catalog.||) g.change_name END, ', ')
  INTO dependents FROM pgpm_migrate.get_dependents(p_package, p_change_name) AS g;
  IF dependents IS NOT NULL THEN
    RAISE EXCEPTION 'Cannot revert %: required by %', p_change_name, dependents;
  END IF;

  BEGIN
    EXECUTE p_revert_sql;
  EXCEPTION WHEN OTHERS THEN
    RAISE;
  END;

  DELETE FROM pgpm_migrate.changes AS c
  WHERE c.package OPERATOR(pg_catalog.=) p_package AND c.change_name OPERATOR(pg_catalog.=) p_change_name;
  INSERT INTO pgpm_migrate.events (event_type, change_name, package) VALUES ('revert', p_change_name, p_package);
END
$$;
COMMENT ON PROCEDURE pgpm_migrate.revert(text, text, text) IS
  'Runs a revert script and removes the change, unless deployed changes require it';

-- Upstream keeps what a verify script that succeeds has done. Here it is always undone: the block is left by an error,
-- and the variable, which is no part of the database, says whether it was ours. ASSERT does not count as OTHERS.
CREATE OR REPLACE FUNCTION pgpm_migrate.verify(p_package text, p_change_name text, p_verify_sql text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  passed pg_catalog.bool := false;
BEGIN
  BEGIN
    EXECUTE p_verify_sql;
    passed := true;
    RAISE EXCEPTION 'verified';
  EXCEPTION WHEN OTHERS OR assert_failure THEN
    RETURN passed;
  END;
END
$$;
COMMENT ON FUNCTION pgpm_migrate.verify(text, text, text) IS
  'Does the verify script succeed? What it did is undone either way';

CREATE OR REPLACE FUNCTION pgpm_migrate.deployed_changes(p_package text DEFAULT NULL)
RETURNS TABLE (package text, change_name text, deployed_at timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT c.package, c.change_name, c.deployed_at
  FROM pgpm_migrate.changes AS c
  WHERE p_package IS NULL OR c.package OPERATOR(pg_catalog.=) p_package
  ORDER BY c.deployed_at, c.deploy_order
$$;
COMMENT ON FUNCTION pgpm_migrate.deployed_changes(text) IS 'Deployed changes, of one module or of all, oldest first';

CREATE OR REPLACE FUNCTION pgpm_migrate.status(p_package text DEFAULT NULL)
RETURNS TABLE (package text, total_deployed integer, last_change text, last_deployed timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT DISTINCT ON (c.package) c.package,
         CAST(pg_catalog.count(*) OVER (PARTITION BY c.package) AS pg_catalog.int4), c.change_name, c.deployed_at
  FROM pgpm_migrate.changes AS c
  WHERE p_package IS NULL OR c.package OPERATOR(pg_catalog.=) p_package
  ORDER BY c.package, c.deployed_at DESC, c.deploy_order DESC
$$;
COMMENT ON FUNCTION pgpm_migrate.status(text) IS
  'Per module with anything deployed: how many changes, the last one and when';

-- pgpm's own -------------------------------------------------------------------------------------------------------

-- Measured on a 15.20 server, 1,000 records in one message, none with tags, each with one dependency: CALL of this
-- 39 us each, SELECT of the same as a function 42 us, the INSERTs sent as statements 55 us, as one statement with CTEs
-- 71 us (its plan is made anew each time; here plans are kept). The two indexes of ours cost 3 us of the 39.
CREATE OR REPLACE PROCEDURE pgpm_migrate.record_deploy(
  p_package text, p_change_name text, p_script_hash text, p_change_id text, p_fingerprint text, p_requires text[],
  p_tags text[], p_run_id bigint)
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO pgpm_migrate.changes (change_id, change_name, package, script_hash, fingerprint)
  VALUES (p_change_id, p_change_name, p_package, p_script_hash, p_fingerprint);
  IF pg_catalog.cardinality(p_requires) OPERATOR(pg_catalog.>) 0 THEN
    INSERT INTO pgpm_migrate.dependencies (change_id, requires)
    SELECT p_change_id, r FROM pg_catalog.unnest(p_requires) AS r;
  END IF;
  IF pg_catalog.cardinality(p_tags) OPERATOR(pg_catalog.>) 0 THEN
    INSERT INTO pgpm_migrate.tags (package, tag, change_name)
    SELECT p_package, t, p_change_name FROM pg_catalog.unnest(p_tags) AS t
    ON CONFLICT (package, tag) DO UPDATE SET change_name = excluded.change_name, tagged_at = excluded.tagged_at,
                                             tagged_by = excluded.tagged_by;
  END IF;
  INSERT INTO pgpm_migrate.events (event_type, change_name, package, run_id)
  VALUES ('deploy', p_change_name, p_package, p_run_id);
END
$$;
COMMENT ON PROCEDURE pgpm_migrate.record_deploy(text, text, text, text, text, text[], text[], bigint) IS
  'Records a change whose deploy script has run in this transaction. A change that is recorded already is an error';

CREATE OR REPLACE PROCEDURE pgpm_migrate.record_revert(p_package text, p_change_name text, p_run_id bigint)
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM pgpm_migrate.changes AS c
  WHERE c.package OPERATOR(pg_catalog.=) p_package AND c.change_name OPERATOR(pg_catalog.=) p_change_name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Change % not deployed in package %', p_change_name, p_package;
  END IF;
  INSERT INTO pgpm_migrate.events (event_type, change_name, package, run_id)
  VALUES ('revert', p_change_name, p_package, p_run_id);
END
$$;
COMMENT ON PROCEDURE pgpm_migrate.record_revert(text, text, bigint) IS
  'Removes a change whose revert script has run in this transaction, with its tags and dependencies';

CREATE OR REPLACE PROCEDURE pgpm_migrate.record_tag(p_package text, p_tag text, p_change_name text)
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO pgpm_migrate.tags (package, tag, change_name) VALUES (p_package, p_tag, p_change_name)
  ON CONFLICT (package, tag) DO UPDATE SET change_name = excluded.change_name, tagged_at = excluded.tagged_at,
                                           tagged_by = excluded.tagged_by;
END
$$;
COMMENT ON PROCEDURE pgpm_migrate.record_tag(text, text, text) IS
  'Lets a tag point at a deployed change; a tag that points elsewhere moves';

-- The id follows name and hash, so the row and its dependencies change together: the constraint between them is looked
-- at when the whole statement has run.
CREATE OR REPLACE PROCEDURE pgpm_migrate.rewrite_change(
  p_package text, p_change_name text, p_new_name text, p_new_script_hash text, p_new_fingerprint text)
LANGUAGE plpgsql AS $$
DECLARE
  old_id pg_catalog.text;
  new_id pg_catalog.text;
BEGIN
  SELECT c.change_id, pgpm_migrate.change_id(p_package, p_new_name, p_new_script_hash) INTO old_id, new_id
  FROM pgpm_migrate.changes AS c
  WHERE c.package OPERATOR(pg_catalog.=) p_package AND c.change_name OPERATOR(pg_catalog.=) p_change_name
  FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Change % not deployed in package %', p_change_name, p_package;
  END IF;
  WITH moved AS (
    UPDATE pgpm_migrate.dependencies AS d SET change_id = new_id WHERE d.change_id OPERATOR(pg_catalog.=) old_id)
  UPDATE pgpm_migrate.changes AS c
  SET change_id = new_id, change_name = p_new_name, script_hash = p_new_script_hash, fingerprint = p_new_fingerprint
  WHERE c.change_id OPERATOR(pg_catalog.=) old_id;
END
$$;
COMMENT ON PROCEDURE pgpm_migrate.rewrite_change(text, text, text, text, text) IS
  'Gives a deployed change another name, hash and fingerprint; when and by whom it was deployed stays';

CREATE OR REPLACE PROCEDURE pgpm_migrate.rename_change(p_package text, p_change_name text, p_new_name text)
LANGUAGE plpgsql AS $$
DECLARE
  kept_hash pg_catalog.text;
  kept_fingerprint pg_catalog.text;
BEGIN
  SELECT c.script_hash, c.fingerprint INTO kept_hash, kept_fingerprint FROM pgpm_migrate.changes AS c
  WHERE c.package OPERATOR(pg_catalog.=) p_package AND c.change_name OPERATOR(pg_catalog.=) p_change_name;
  CALL pgpm_migrate.rewrite_change(p_package, p_change_name, p_new_name, kept_hash, kept_fingerprint);
  UPDATE pgpm_migrate.dependencies AS d
  SET requires = p_package OPERATOR(pg_catalog.||) ':' OPERATOR(pg_catalog.||) p_new_name
  WHERE d.requires OPERATOR(pg_catalog.=) (p_package OPERATOR(pg_catalog.||) ':' OPERATOR(pg_catalog.||) p_change_name);
  UPDATE pgpm_migrate.dependencies AS d SET requires = p_new_name
  FROM pgpm_migrate.changes AS c
  WHERE d.requires OPERATOR(pg_catalog.=) p_change_name
    AND c.change_id OPERATOR(pg_catalog.=) d.change_id AND c.package OPERATOR(pg_catalog.=) p_package;
END
$$;
COMMENT ON PROCEDURE pgpm_migrate.rename_change(text, text, text) IS
  'Renames a deployed change and what refers to it: users becomes users@v1 when users is reworked, and back';
