-- What is known of managed objects: which migrations ran, what was made of which file, and what needs what. It is part
-- of the ledger, so that one schema tells all; `pgpm objects` makes it also where there is no ledger of modules. Every
-- statement may run again.
-- Names without a schema are pg_catalog's: the search_path is set by who runs this.
DO $$
BEGIN
  IF to_regnamespace('pgpm_migrate') IS NULL THEN
    CREATE SCHEMA pgpm_migrate;
    COMMENT ON SCHEMA pgpm_migrate IS
      'pgpm''s ledger: which changes are deployed in this database, and what happened to it';
  END IF;
END
$$;

CREATE TABLE IF NOT EXISTS pgpm_migrate.object_migrations (
  name text PRIMARY KEY,
  script_hash text NOT NULL,
  fingerprint text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_by text NOT NULL DEFAULT SESSION_USER
);
COMMENT ON TABLE pgpm_migrate.object_migrations IS 'Migrations that `pgpm objects apply` ran, each once';
COMMENT ON COLUMN pgpm_migrate.object_migrations.name IS 'Its file''s name without .sql';
COMMENT ON COLUMN pgpm_migrate.object_migrations.script_hash IS 'sha256 of the file''s bytes when it ran';
COMMENT ON COLUMN pgpm_migrate.object_migrations.applied_at IS 'When it ran';
COMMENT ON COLUMN pgpm_migrate.object_migrations.applied_by IS 'Login role that ran it';
COMMENT ON COLUMN pgpm_migrate.object_migrations.fingerprint IS
  'digest of the script without comments, white space and keyword case: what tells an edit that matters';

CREATE TABLE IF NOT EXISTS pgpm_migrate.managed_objects (
  kind text NOT NULL,
  identity text NOT NULL,
  statement_hash text NOT NULL,
  definition text NOT NULL,
  source_file text NOT NULL,
  address jsonb NOT NULL,
  undo text NOT NULL DEFAULT '',
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_by text NOT NULL DEFAULT SESSION_USER,
  module text NOT NULL DEFAULT '',
  PRIMARY KEY (kind, identity)
);
COMMENT ON TABLE pgpm_migrate.managed_objects IS
  'Objects that files declare, as they were applied last: views, functions, types, triggers, comments, grants ...';
COMMENT ON COLUMN pgpm_migrate.managed_objects.kind IS 'view, function, type, trigger, comment, grant ...';
COMMENT ON COLUMN pgpm_migrate.managed_objects.identity IS 'Its name with schema, of routines with the types of the arguments';
COMMENT ON COLUMN pgpm_migrate.managed_objects.source_file IS 'The file that declares it, below the folder of declarations';
COMMENT ON COLUMN pgpm_migrate.managed_objects.address IS 'How it is found in the catalogs';
COMMENT ON COLUMN pgpm_migrate.managed_objects.applied_at IS 'When it was made or replaced last';
COMMENT ON COLUMN pgpm_migrate.managed_objects.applied_by IS 'Login role that did that';
COMMENT ON COLUMN pgpm_migrate.managed_objects.statement_hash IS 'fingerprint of the statement in the file';
COMMENT ON COLUMN pgpm_migrate.managed_objects.definition IS
  'digest of what the server made of it: another one now means that somebody else changed the object';
COMMENT ON COLUMN pgpm_migrate.managed_objects.module IS
  'the module whose folder objects/ declares it; empty: the code directory of `pgpm objects`';
COMMENT ON COLUMN pgpm_migrate.managed_objects.undo IS 'how a comment or a grant is taken back';

CREATE TABLE IF NOT EXISTS pgpm_migrate.object_dependencies (
  dependent_kind text NOT NULL,
  dependent text NOT NULL,
  required_kind text NOT NULL,
  required text NOT NULL,
  strength text NOT NULL,
  PRIMARY KEY (dependent_kind, dependent, required_kind, required),
  FOREIGN KEY (dependent_kind, dependent) REFERENCES pgpm_migrate.managed_objects (kind, identity)
    ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE pgpm_migrate.object_dependencies IS
  'What managed objects name in their statements; strength late: only in a body that is text to the server';
COMMENT ON COLUMN pgpm_migrate.object_dependencies.dependent_kind IS 'kind of the object that names the other';
COMMENT ON COLUMN pgpm_migrate.object_dependencies.dependent IS 'identity of the object that names the other';
COMMENT ON COLUMN pgpm_migrate.object_dependencies.required_kind IS 'kind of the object that is named';
COMMENT ON COLUMN pgpm_migrate.object_dependencies.required IS 'identity of the object that is named';
COMMENT ON COLUMN pgpm_migrate.object_dependencies.strength IS
  'early: it has to be there when the other is made; late: when that is used';

CREATE TABLE IF NOT EXISTS pgpm_migrate.catalog_state (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  owners text[] NOT NULL,
  search_path text[] NOT NULL,
  since bigint NOT NULL,
  counted numeric NOT NULL,
  digest numeric NOT NULL,
  written_in bigint NOT NULL
);
COMMENT ON TABLE pgpm_migrate.catalog_state IS
  'A state of the system catalogs in which managed objects were as recorded: while it lasts, no definition has to be looked at';
COMMENT ON COLUMN pgpm_migrate.catalog_state.one_row IS 'Keeps the table at one row';
COMMENT ON COLUMN pgpm_migrate.catalog_state.owners IS 'Whose objects: modules, or empty for `pgpm objects`';
COMMENT ON COLUMN pgpm_migrate.catalog_state.search_path IS 'Schemas in which names without one were looked up';
COMMENT ON COLUMN pgpm_migrate.catalog_state.since IS
  'The oldest transaction that was not over: whoever changes something after that writes rows with this number or a higher one';
COMMENT ON COLUMN pgpm_migrate.catalog_state.counted IS 'How many rows the catalogs had';
COMMENT ON COLUMN pgpm_migrate.catalog_state.digest IS 'Sum over where those rows are that were written since';
COMMENT ON COLUMN pgpm_migrate.catalog_state.written_in IS
  'The transaction (32 bits) that wrote this row. One that was restored from a dump was written by another one, and says nothing';
