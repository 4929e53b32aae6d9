-- Deploy schemas/app/tables/users to pg
-- made with <3 @ constructive.io

-- requires: schemas/app/schema

BEGIN;

CREATE TABLE app.users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text
);

COMMENT ON COLUMN app.users.name IS E'@name display\n; shown as is';

CREATE FUNCTION app.touch() RETURNS trigger AS $_PGPM$
BEGIN
  RETURN NEW;
END;
$_PGPM$ LANGUAGE plpgsql VOLATILE;

COMMIT;
