-- From version 1 to version 2: managed objects know which module declares them ('' = `pgpm objects`, which has no modules),
-- and a module how many it has. Of tables that are not there, or have the columns already, nothing is changed.
-- Names without a schema are pg_catalog's: install() sets the search_path.

ALTER TABLE IF EXISTS pgpm_migrate.packages ADD COLUMN IF NOT EXISTS managed_objects bigint NOT NULL DEFAULT 0;
ALTER TABLE IF EXISTS pgpm_migrate.managed_objects ADD COLUMN IF NOT EXISTS module text NOT NULL DEFAULT '';
