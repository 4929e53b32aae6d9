-- A ledger as upstream pgpm makes it: names, types, constraints and the behaviour of its routines, written down anew from
-- how such a ledger looks and acts. Data for tests of what we do with one; no part of pgpm.
CREATE SCHEMA pgpm_migrate;

CREATE TABLE pgpm_migrate.packages (
  package text PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE pgpm_migrate.changes (
  change_id text PRIMARY KEY,
  change_name text NOT NULL,
  package text NOT NULL REFERENCES pgpm_migrate.packages (package),
  script_hash text NOT NULL,
  deployed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (package, change_name),
  UNIQUE (package, script_hash)
);

CREATE TABLE pgpm_migrate.dependencies (
  change_id text NOT NULL REFERENCES pgpm_migrate.changes (change_id) ON DELETE CASCADE,
  requires text NOT NULL,
  PRIMARY KEY (change_id, requires)
);

CREATE TABLE pgpm_migrate.events (
  event_id serial PRIMARY KEY,
  event_type text NOT NULL CHECK (event_type IN ('deploy', 'revert', 'verify')),
  change_name text NOT NULL,
  package text NOT NULL,
  occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  error_message text,
  error_code text
);

CREATE PROCEDURE pgpm_migrate.register_package(p_package text) LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO pgpm_migrate.packages (package) VALUES (p_package) ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION pgpm_migrate.is_deployed(p_package text, p_change_name text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF p_change_name LIKE '%:%' THEN
    RETURN EXISTS (SELECT 1 FROM pgpm_migrate.changes
                   WHERE package || ':' || change_name = p_change_name);
  END IF;
  RETURN EXISTS (SELECT 1 FROM pgpm_migrate.changes WHERE package = p_package AND change_name = p_change_name);
END $$;

CREATE PROCEDURE pgpm_migrate.deploy(p_package text, p_change_name text, p_script_hash text, p_requires text[],
                                     p_deploy_sql text, p_log_only boolean DEFAULT false)
LANGUAGE plpgsql AS $$
DECLARE
  id text := encode(sha256((p_package || p_change_name || p_script_hash)::bytea), 'hex');
  missing text;
BEGIN
  CALL pgpm_migrate.register_package(p_package);
  IF pgpm_migrate.is_deployed(p_package, p_change_name) THEN
    IF EXISTS (SELECT 1 FROM pgpm_migrate.changes WHERE change_id = id) THEN
      RETURN;
    END IF;
    RAISE EXCEPTION 'Change % already deployed in package % with different content', p_change_name, p_package;
  END IF;
  SELECT string_agg(r, ', ' ORDER BY place) INTO missing FROM unnest(p_requires) WITH ORDINALITY AS u (r, place)
  WHERE NOT pgpm_migrate.is_deployed(p_package, r);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'Missing required changes for %: %', p_change_name, missing;
  END IF;
  IF NOT p_log_only THEN
    EXECUTE p_deploy_sql;
  END IF;
  INSERT INTO pgpm_migrate.changes (change_id, change_name, package, script_hash)
  VALUES (id, p_change_name, p_package, p_script_hash);
  INSERT INTO pgpm_migrate.dependencies (change_id, requires) SELECT id, r FROM unnest(p_requires) AS r;
  INSERT INTO pgpm_migrate.events (event_type, change_name, package) VALUES ('deploy', p_change_name, p_package);
END $$;

CREATE FUNCTION pgpm_migrate.get_dependents(p_package text, p_change_name text)
RETURNS TABLE (package text, change_name text, dependency text) LANGUAGE sql STABLE AS $$
  SELECT c.package, c.change_name, d.requires
  FROM pgpm_migrate.dependencies d JOIN pgpm_migrate.changes c USING (change_id)
  WHERE d.requires = p_package || ':' || p_change_name OR (d.requires = p_change_name AND c.package = p_package)
  ORDER BY 1, 2
$$;

CREATE PROCEDURE pgpm_migrate.revert(p_package text, p_change_name text, p_revert_sql text) LANGUAGE plpgsql AS $$
DECLARE
  dependents text;
BEGIN
  IF NOT pgpm_migrate.is_deployed(p_package, p_change_name) THEN
    RAISE EXCEPTION 'Change % not deployed in package %', p_change_name, p_package;
  END IF;
  SELECT string_agg(CASE WHEN dependency = p_change_name THEN change_name ELSE package || ':' || change_name END, ', ')
  INTO dependents FROM pgpm_migrate.get_dependents(p_package, p_change_name);
  IF dependents IS NOT NULL THEN
    RAISE EXCEPTION 'Cannot revert %: required by %', p_change_name, dependents;
  END IF;
  EXECUTE p_revert_sql;
  DELETE FROM pgpm_migrate.changes WHERE package = p_package AND change_name = p_change_name;
  INSERT INTO pgpm_migrate.events (event_type, change_name, package) VALUES ('revert', p_change_name, p_package);
END $$;

CREATE FUNCTION pgpm_migrate.verify(p_package text, p_change_name text, p_verify_sql text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  EXECUTE p_verify_sql;
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END $$;

CREATE FUNCTION pgpm_migrate.deployed_changes(p_package text DEFAULT NULL)
RETURNS TABLE (package text, change_name text, deployed_at timestamptz) LANGUAGE sql STABLE AS $$
  SELECT c.package, c.change_name, c.deployed_at FROM pgpm_migrate.changes c
  WHERE c.package = coalesce(p_package, c.package) ORDER BY c.deployed_at
$$;

CREATE FUNCTION pgpm_migrate.status(p_package text DEFAULT NULL)
RETURNS TABLE (package text, total_deployed integer, last_change text, last_deployed timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT c.package, count(*)::integer, (array_agg(c.change_name ORDER BY c.deployed_at DESC))[1], max(c.deployed_at)
  FROM pgpm_migrate.changes c WHERE c.package = coalesce(p_package, c.package) GROUP BY c.package
$$;
