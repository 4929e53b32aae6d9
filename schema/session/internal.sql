-- What a session project is loaded into, and the functions its rows are made with. Everything is
-- temporary. Names with an underscore in front are not for deploy.sql. The script can run again in
-- the same session.
DROP TABLE IF EXISTS pg_temp._pgmi_test_step, pg_temp._pgmi_test_source, pg_temp._pgmi_test_directory,
  pg_temp._pgmi_source_metadata, pg_temp._pgmi_source, pg_temp._pgmi_parameter CASCADE;

CREATE TEMPORARY TABLE _pgmi_parameter (
  key text PRIMARY KEY CHECK (key ~ '^\w+$'),
  value text,
  type text NOT NULL DEFAULT 'text' CHECK (type IN ('text', 'int', 'integer', 'bigint', 'numeric', 'boolean', 'bool',
                                                    'uuid', 'timestamp', 'timestamptz', 'name')),
  required boolean NOT NULL DEFAULT false,
  default_value text,
  description text
);

-- source_checks.sql says what its columns have to do with each other.
CREATE TEMPORARY TABLE _pgmi_source (
  path text PRIMARY KEY,
  name text NOT NULL,
  directory text NOT NULL,
  extension text NOT NULL,
  depth integer NOT NULL,
  content text NOT NULL,
  size_bytes bigint NOT NULL,
  checksum text NOT NULL,
  pgmi_checksum text NOT NULL,
  path_parts text[] NOT NULL,
  is_sql_file boolean NOT NULL,
  is_test_file boolean NOT NULL DEFAULT false,
  parent_folder_name text
);

CREATE TEMPORARY TABLE _pgmi_source_metadata (
  path text PRIMARY KEY REFERENCES _pgmi_source,
  id uuid NOT NULL,
  idempotent boolean NOT NULL,
  sort_keys text[] NOT NULL DEFAULT '{}',
  description text
);
CREATE INDEX ON _pgmi_source_metadata USING gin (sort_keys);

CREATE TEMPORARY TABLE _pgmi_test_directory (
  path text PRIMARY KEY CHECK (path ~ '/__tests?__/' AND right(path, 1) = '/'),
  parent_path text REFERENCES _pgmi_test_directory,
  depth integer NOT NULL CHECK (depth >= 0)
);

CREATE TEMPORARY TABLE _pgmi_test_source (
  path text PRIMARY KEY,
  directory text NOT NULL REFERENCES _pgmi_test_directory,
  filename text NOT NULL,
  content text NOT NULL,
  is_fixture boolean NOT NULL,
  CHECK (path = directory || filename)
);

-- The plan of all tests, in order; pgmi_test_plan() takes what a pattern wants.
CREATE TEMPORARY TABLE _pgmi_test_step (
  ordinal integer PRIMARY KEY,
  step_type text NOT NULL CHECK (step_type IN ('fixture', 'test', 'teardown')),
  script_path text,
  directory text NOT NULL,
  depth integer NOT NULL
);

GRANT SELECT ON pg_temp._pgmi_parameter, pg_temp._pgmi_source, pg_temp._pgmi_source_metadata,
  pg_temp._pgmi_test_directory, pg_temp._pgmi_test_source, pg_temp._pgmi_test_step TO PUBLIC;

CREATE OR REPLACE FUNCTION pg_temp.pgmi_is_sql_file(filename text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $function$
  SELECT filename ~* '\.(sql|ddl|dml|dql|dcl|psql|pgsql|plpgsql)$'
$function$;

CREATE OR REPLACE FUNCTION pg_temp.pgmi_register_file(path text, content text, checksum text, pgmi_checksum text)
RETURNS pg_temp._pgmi_source LANGUAGE plpgsql AS $function$
#variable_conflict use_column
DECLARE
  v_path text := regexp_replace(replace(btrim(path), '\', '/'), '^(\./)?/*', './');
  v_parts text[];
  v_row pg_temp._pgmi_source;
BEGIN
  v_path := regexp_replace(v_path, '/{2,}', '/', 'g');
  v_parts := string_to_array(v_path, '/');
  INSERT INTO pg_temp._pgmi_source AS s
  VALUES (v_path, v_parts[cardinality(v_parts)], left(v_path, -length(v_parts[cardinality(v_parts)])),
          coalesce(substring(v_path from '\.[A-Za-z0-9]+$'), ''), cardinality(v_parts) - 2, $2, octet_length($2), $3, $4,
          v_parts, pg_temp.pgmi_is_sql_file(v_path), false,
          CASE WHEN cardinality(v_parts) > 2 THEN v_parts[cardinality(v_parts) - 1] END)
  RETURNING s.* INTO v_row;
  RETURN v_row;
END $function$;
