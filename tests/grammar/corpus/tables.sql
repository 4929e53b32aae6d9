-- Tables with everything a column can carry.
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE CHECK (email LIKE '%@%'),
  "display name" text DEFAULT 'it''s; me',
  created timestamptz NOT NULL DEFAULT now() /* ; */,
  tags text[] DEFAULT '{a,"b;c"}'::text[],
  total numeric(10, 2) GENERATED ALWAYS AS (round(1.0 * 2, 2)) STORED -- ; not here
);
CREATE TABLE IF NOT EXISTS orders (LIKE accounts INCLUDING ALL, account bigint REFERENCES accounts (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE orders ADD COLUMN note text, DROP COLUMN tags CASCADE;
COMMENT ON TABLE accounts IS $$semi;colon and 'quote' and $1$$;
CREATE TEMP TABLE t ON COMMIT DROP AS SELECT 1 AS a;
DROP TABLE IF EXISTS t, orders CASCADE
